import { expect } from 'chai';
import type { Diagnostic } from '../../../lib/diagnostic/diagnostic.ts';
import {
  attribute,
  element,
  ignored,
  leaf,
  many,
  optional,
  ordered,
} from '../../../lib/xml/grammar/element.ts';
import { readElement } from '../../../lib/xml/grammar/read-element.ts';
import {
  boolean,
  integer,
  markupTemplate,
  oneOf,
  presence,
  text,
} from '../../../lib/xml/grammar/value.ts';
import { readXml } from '../../../lib/xml/read.ts';

const shelf = element({
  doc: 'A shelf.',
  attributes: { open: attribute(boolean, 'Open.', false), label: attribute(text, 'Label.') },
  children: {
    title: optional(['Title', 'Heading'], leaf(text, 'Title.')),
    width: optional('Width', leaf(integer, 'Width.')),
    kind: optional('Kind', leaf(oneOf('wood', 'metal'), 'Kind.')),
    book: many(
      'Book',
      element({
        doc: 'A book.',
        attributes: { name: attribute(text, 'Name.', '') },
        text: presence,
      }),
    ),
    steps: ordered({ Take: leaf(text, 'Take.'), Put: leaf(text, 'Put.') }),
    note: optional('Note', leaf(markupTemplate, 'Note.')),
    old: ignored('Dust', 'Nothing.'),
  },
});

function read(xml: string) {
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic) => diagnostics.push(diagnostic);
  const root = readXml(xml, { file: 'shelf.xml', report });
  if (root === undefined) throw new Error('the document is malformed');
  return { node: readElement(root, shelf, report), diagnostics };
}

const finding = ({ severity, code, line, column }: Diagnostic) =>
  `${line}:${column} ${severity} ${code}`;

describe('readElement', () => {
  it('reads children in any order, lists in document order', () => {
    const { node, diagnostics } = read(
      '<Shelf label="top" open="TRUE"><Put>b</Put><Book name="x"/><Width>7</Width><Take>a</Take><Book name="y">false</Book></Shelf>',
    );
    expect(node).to.deep.include({ label: 'top', open: true });
    expect(node.width?.value).to.equal(7);
    expect(node.steps.map(({ type, value }) => [type, value])).to.deep.equal([
      ['Put', 'b'],
      ['Take', 'a'],
    ]);
    expect(node.book.map(({ name, value }) => [name, value])).to.deep.equal([
      ['x', true],
      ['y', false],
    ]);
    expect(diagnostics).to.deep.equal([]);
  });

  it('gives defaults for what is left out, and undefined where there is none', () => {
    const { node } = read('<Shelf/>');
    expect(node).to.deep.include({ open: false, label: undefined, book: [], steps: [] });
    expect(node).to.not.have.property('title');
    expect(node.location).to.deep.equal({ file: 'shelf.xml', line: 1, column: 1 });
  });

  it('trims no-break spaces and byte order marks around names and texts', () => {
    const { node } = read(
      '<Shelf label="\u00a0a\u00a0"><Title>\u00a0\ufeff b \u00a0</Title></Shelf>',
    );
    expect([node.label, node.title?.value]).to.deep.equal(['a', 'b']);
  });

  it('joins a text that comments and CDATA split, and says where it starts', () => {
    const { node } = read('<Shelf>\n  <Title>\n   a<!-- x -->b<![CDATA[<c>]]></Title></Shelf>');
    expect(node.title).to.deep.include({
      value: 'ab<c>',
      textLocation: { file: 'shelf.xml', line: 3, column: 4 },
    });
  });

  it('keeps markup as the text that was written', () => {
    const { node } = read('<Shelf><Note> <a x="1">{v}&amp;</a><b/> </Note></Shelf>');
    expect(node.note?.value).to.equal(' <a x="1">{v}&amp;</a><b/> ');
  });

  it('reads a text without markup as text, references resolved', () => {
    const { node } = read('<Shelf><Note>{"a":"&lt;b&gt;"}</Note></Shelf>');
    expect(node.note?.value).to.equal('{"a":"<b>"}');
  });

  it('takes the second of two names for the same child', () => {
    expect(read('<Shelf><Heading>h</Heading></Shelf>').node.title?.value).to.equal('h');
  });

  it('leaves out what the grammar ignores, without a finding', () => {
    const { node, diagnostics } = read('<Shelf><Dust><Anything/></Dust></Shelf>');
    expect(node).to.not.have.property('old');
    expect(diagnostics).to.deep.equal([]);
  });

  it('matches elements by their local name, whatever their namespace', () => {
    const { node, diagnostics } = read(
      '<Shelf xmlns="http://www.sap.com/apimgmt"><Width>1</Width></Shelf>',
    );
    expect(node.width?.value).to.equal(1);
    expect(diagnostics).to.deep.equal([]);
  });

  const findings: readonly (readonly [
    behaviour: string,
    xml: string,
    findings: readonly string[],
  ])[] = [
    ['an unknown element', '<Shelf><Shoe/></Shelf>', ['1:8 warning unknown-element']],
    [
      'an unknown attribute at its own place',
      '<Shelf\n shoe="1"/>',
      ['2:2 warning unknown-attribute'],
    ],
    [
      'a child that stands twice',
      '<Shelf><Width>1</Width><Width>2</Width></Shelf>',
      ['1:24 warning duplicate-element'],
    ],
    ['a text that is no boolean', '<Shelf open="yes"/>', ['1:8 warning invalid-boolean']],
    [
      'a text that is no number',
      '<Shelf><Width>wide</Width></Shelf>',
      ['1:15 warning invalid-number'],
    ],
    [
      'a word that is not among those allowed',
      '<Shelf><Kind>paper</Kind></Shelf>',
      ['1:14 warning invalid-value'],
    ],
    ['text between elements', '<Shelf>\n oops<Width>1</Width></Shelf>', ['2:2 warning stray-text']],
  ];
  for (const [behaviour, xml, expected] of findings) {
    it(`reports ${behaviour}`, () => {
      expect(read(xml).diagnostics.map(finding)).to.deep.equal(expected);
    });
  }

  it('lets the last of several count', () => {
    expect(read('<Shelf><Width>1</Width><Width>2</Width></Shelf>').node.width?.value).to.equal(2);
  });

  it('asks whether a name was meant that differs in case only', () => {
    expect(read('<Shelf><WIDTH>1</WIDTH></Shelf>').diagnostics[0]?.hint).to.equal(
      'Did you mean Width?',
    );
  });

  it('does not mistake names of object properties for elements or attributes', () => {
    const { diagnostics } = read(
      '<Shelf constructor="1" __proto__="2"><toString/><__proto__/></Shelf>',
    );
    expect(diagnostics.map(({ code }) => code)).to.deep.equal([
      'unknown-attribute',
      'unknown-attribute',
      'unknown-element',
      'unknown-element',
    ]);
  });
});
