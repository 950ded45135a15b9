import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { defaultXmlLimits, type XmlLimits } from '../../lib/xml/limits.ts';
import { textOf } from '../../lib/xml/tree.ts';
import { hostile } from './hostile.ts';
import { places, reading, rootOf } from './reading.ts';

interface Row {
  readonly limit: string;
  readonly limits: Partial<XmlLimits>;
  readonly within: string;
  readonly beyond: string;
  readonly finding: string;
}

const rows: readonly Row[] = [
  {
    limit: 'the length of the document',
    limits: { documentLength: 8 },
    within: '<a>é</a>',
    beyond: '<a>\nx</a>',
    finding: 'xml-document-too-long 1:1',
  },
  {
    limit: 'the depth',
    limits: { depth: 2 },
    within: '<a><b/><b></b></a>',
    beyond: '<a><b>\n <c/></b></a>',
    finding: 'xml-too-deep 2:2',
  },
  {
    limit: 'the attributes of one element',
    limits: { attributesPerElement: 2 },
    within: '<a b="" c=""><a b="" c=""/></a>',
    beyond: '<a b="" c=""\n d=""/>',
    finding: 'xml-too-many-attributes 2:2',
  },
  {
    limit: 'the length of an attribute value',
    limits: { attributeLength: 5 },
    within: '<a b="&amp;"/>',
    beyond: '<a b="12345" c="123456"/>',
    finding: 'xml-attribute-too-long 1:14',
  },
  {
    limit: 'the nodes: elements',
    limits: { nodes: 3 },
    within: '<a><b/><!-- --><?p?><b/></a>',
    beyond: '<a><b/><b/><b/></a>',
    finding: 'xml-too-many-nodes 1:12',
  },
  {
    limit: 'the nodes: texts and CDATA sections',
    limits: { nodes: 3 },
    within: '<a>x<!-- -->y<![CDATA[]]></a>',
    beyond: '<a>x<![CDATA[]]>y</a>',
    finding: 'xml-too-many-nodes 1:17',
  },
  {
    limit: 'the nodes: attributes',
    limits: { nodes: 3 },
    within: '<a b="" c=""/>',
    beyond: '<a b="" c="" d=""/>',
    finding: 'xml-too-many-nodes 1:1',
  },
];

describe('the limits of readXml', () => {
  for (const { limit, limits, within, beyond, finding } of rows) {
    it(`bound ${limit}`, () => {
      expect(reading(within, limits).diagnostics).to.deep.equal([]);
      const { root, diagnostics } = reading(beyond, limits);
      expect(root).to.equal(undefined);
      expect(places(diagnostics)).to.deep.equal([finding]);
    });

    it(`bound ${limit} of a document in bytes`, () => {
      expect(reading(Buffer.from(within), limits).diagnostics).to.deep.equal([]);
      expect(places(reading(Buffer.from(beyond), limits).diagnostics)).to.deep.equal([finding]);
    });
  }

  it('refuse bytes that cannot be a short text before decoding them', () => {
    const bytes = new Uint8Array(4 * 8 + 1).fill(0xff);
    const { diagnostics } = reading(bytes, { documentLength: 8 });
    expect(places(diagnostics)).to.deep.equal(['xml-document-too-long 1:1']);
  });

  it('let a document through that reaches them', () => {
    const { depth, attributesPerElement, attributeLength } = defaultXmlLimits;
    expect(reading('<a>'.repeat(depth) + '</a>'.repeat(depth)).diagnostics).to.deep.equal([]);
    const attributes = Array.from({ length: attributesPerElement }, (_, at) => ` b${at}=""`);
    expect(rootOf(`<a${attributes.join('')}/>`).attributes).to.have.length(attributesPerElement);
    const [attribute] = rootOf(`<a b="${'x'.repeat(attributeLength)}"/>`).attributes;
    expect(attribute?.value).to.have.length(attributeLength);
  });
});

describe('hostile documents', () => {
  it('are each refused at their place, all within a heap of 96 MB', async () => {
    // A good third of it is what loading TypeScript takes.
    const node = ['--max-old-space-size=96', '--import=tsx', 'test/xml/hostile-run.ts'];
    const { stdout } = await promisify(execFile)(process.execPath, node);
    const results = JSON.parse(stdout) as readonly { attack: string; findings: string[] }[];
    expect(results.map(({ attack, findings }) => [attack, ...findings])).to.deep.equal(
      hostile.map(({ attack, finding }) => [attack, finding]),
    );
  }).timeout(60_000);

  it('cannot make the reader open a file or a connection, for it imports neither', async () => {
    const folder = new URL('../../lib/xml/', import.meta.url);
    const files = (await readdir(folder)).filter((name) => name.endsWith('.ts'));
    const texts = await Promise.all(files.map((name) => readFile(new URL(name, folder), 'utf8')));
    const imported = texts.flatMap((text) => {
      return Array.from(text.matchAll(/(?:from|import\()\s*'([^']+)'/g), ([, from]) => from);
    });
    expect(imported).to.include('./tree.ts');
    expect(imported.filter((from) => !from?.startsWith('.'))).to.deep.equal([]);
  });

  const linear: readonly (readonly [title: string, xml: () => string, text: number])[] = [
    ['a million references', () => `<a>${'&amp;'.repeat(1e6)}</a>`, 1e6],
    ['a million comments', () => `<a>${'x<!---->'.repeat(1e6)}</a>`, 1e6],
    ['a million instructions', () => `<a>${'x<?p?>'.repeat(1e6)}</a>`, 1e6],
    ['a million lines', () => `<a>${'\r\n'.repeat(1e6)}</a>`, 1e6],
    ['CR and elements in turn', () => `<a>${'\r<b/>'.repeat(2e5)}</a>`, 2e5],
    [
      'declarations in deep scopes',
      () =>
        `<a>x${'<b xmlns:p="u">'.repeat(190)}${'<b xmlns:p="u"/>'.repeat(1e5)}${'</b>'.repeat(190)}</a>`,
      1,
    ],
    ['space inside tags', () => `<a>x<b${' '.repeat(5e6)}/></a>`, 1],
  ];
  for (const [title, xml, length] of linear) {
    it(`cost no more than their length: ${title}`, () => {
      expect(textOf(rootOf(xml()))).to.have.length(length);
    });
  }
});
