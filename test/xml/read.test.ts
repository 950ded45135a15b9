import { expect } from 'chai';
import fc from 'fast-check';
import { childElements, textOf, type XmlNode } from '../../lib/xml/tree.ts';
import { malformed } from './malformed.ts';
import { places, reading, rootOf, shapeOf } from './reading.ts';

describe('readXml', () => {
  describe('refuses, with one error at its place,', () => {
    for (const { wrong, xml, code, line, column } of malformed) {
      it(`${wrong} (${code})`, () => {
        const { root, diagnostics } = reading(xml);
        expect(root).to.equal(undefined);
        expect(places(diagnostics)).to.deep.equal([`${code} ${line}:${column}`]);
        const [error] = diagnostics;
        expect(error?.severity).to.equal('error');
        expect(error?.file).to.equal('policy.xml');
        expect(error?.message).to.match(/^\S.{9,200}$/);
        expect(error?.hint).to.match(/^[A-Z].*\.$/);
      });
    }

    it('each malformed document in Windows line ends on the same line', () => {
      for (const { xml, line } of malformed) {
        const { diagnostics } = reading(xml.replaceAll('\n', '\r\n'));
        expect(diagnostics.map((error) => error.line)).to.deep.equal([line]);
      }
    });
  });

  describe('reads', () => {
    const text = (value: string): string => JSON.stringify(value);
    const rows: readonly (readonly [title: string, xml: string, text: string])[] = [
      ['the five entities', '<a>&amp;&lt;&gt;&quot;&apos;</a>', `&<>"'`],
      ['an entity that yields the start of another', '<a>&amp;lt;</a>', '&lt;'],
      ['decimal and hexadecimal references', '<a>&#65;&#x42;&#x1f600;&#0067;</a>', 'AB😀C'],
      ['references to white space', '<a>&#13;&#10;&#9;</a>', '\r\n\t'],
      ['CR LF and CR as LF', '<a>1\r\n2\r3\n\r4</a>', '1\n2\n3\n\n4'],
      ['CR LF in a CDATA section as LF', '<a><![CDATA[1\r\n2]]></a>', '1\n2'],
      ['no-break spaces as text', '<a>\u00a0x\u00a0</a>', '\u00a0x\u00a0'],
      ['byte order marks as text', '<a>\ufeffx\ufeff</a>', '\ufeffx\ufeff'],
      ['next-line and line separators as text', '<a>\u0085\u2028</a>', '\u0085\u2028'],
      ['text around a comment', '<a>x<!-- y -->z</a>', 'xz'],
      ['text around an instruction', '<a>x<?y <a>&?>z</a>', 'xz'],
      ['text around an element', '<a>x<b>y</b>z</a>', 'xz'],
      ['markup in a CDATA section as text', '<a><![CDATA[<b>&amp;</b>]]></a>', '<b>&amp;</b>'],
      ['"]]" and ">" apart', '<a>]] > ]]&gt; a[b[0]]</a>', ']] > ]]> a[b[0]]'],
      ['a CDATA section that ends in brackets', '<a><![CDATA[x]]]]></a>', 'x]]'],
      ['quotes in a text', `<a>"'</a>`, `"'`],
      ['a ">" in a text', '<a>1 > 0</a>', '1 > 0'],
      ['a template', '<a>{request.header.x}&amp;y={z}</a>', '{request.header.x}&y={z}'],
      ['white space alone', '<a> \n </a>', ' \n '],
      ['text beyond the basic plane', '<a>😀</a>', '😀'],
    ];
    for (const [title, xml, expected] of rows) {
      it(`${title}: ${text(xml)}`, () => {
        expect(textOf(rootOf(xml))).to.equal(expected);
      });
    }

    const values: readonly (readonly [title: string, xml: string, value: string])[] = [
      ['white space in a value as spaces', '<a b="1\t2\n3\r\n4\r5"/>', '1 2 3 4 5'],
      ['references to white space in a value', '<a b="&#9;&#10;&#13;"/>', '\t\n\r'],
      ['entities in a value', '<a b="&quot;&amp;&lt;"/>', '"&<'],
      ['the other quote in a value', `<a b='"'/>`, '"'],
      ['a ">" in a value', '<a b="1>0"/>', '1>0'],
      ['an empty value', '<a b=""/>', ''],
      ['space around "="', '<a b\n=\t"c" />', 'c'],
      ['"]]>" in a value', '<a b="]]>"/>', ']]>'],
      ['outer white space of a value', '<a b=" c "/>', ' c '],
    ];
    for (const [title, xml, expected] of values) {
      it(`${title}: ${text(xml)}`, () => {
        expect(rootOf(xml).attributes.map(({ value }) => value)).to.deep.equal([expected]);
      });
    }

    const documents: readonly (readonly [title: string, xml: string])[] = [
      ['a declaration', '<?xml version="1.0"?><a/>'],
      ['a full declaration', `<?xml version='1.0' encoding="UTF-8" standalone = 'yes' ?>\n<a/>`],
      ['a string that declares another encoding', '<?xml version="1.0" encoding="UTF-16"?><a/>'],
      ['a string that declares an unknown encoding', '<?xml version="1.0" encoding="x"?><a/>'],
      ['a string with a byte order mark', '\ufeff<?xml version="1.0"?><a/>'],
      ['comments and instructions around the root', '<!-- x -->\n<?y?>\n<a/>\n<!-- x --><?y z?>\n'],
      ['a style sheet instruction', '<?xml-stylesheet href="x"?><a/>'],
      ['an empty comment', '<a><!----></a>'],
      ['a comment with markup', '<a><!-- <b> & ]]> &x; --></a>'],
      ['white space in an end tag', '<a></a \n>'],
      ['names of all kinds', '<_a.b-1><élan/><名/><a·/><x\u{10000}/></_a.b-1>'],
      ['names like properties of objects', '<__proto__ constructor=""><toString/></__proto__>'],
    ];
    for (const [title, xml] of documents) {
      it(`${title} without a finding: ${text(xml)}`, () => {
        expect(reading(xml)).to.deep.include({ diagnostics: [] });
        expect(reading(xml).root?.kind).to.equal('element');
      });
    }
  });

  it('keeps elements, attributes, texts and CDATA sections in document order', () => {
    const root = rootOf('<a x="1" w="2">t<b/><![CDATA[c]]>u<!-- -->v<b></b></a>');
    const empty = { name: '{}:b', attributes: [], children: [] };
    expect(shapeOf(root)).to.deep.equal({
      name: '{}:a',
      attributes: [
        ['{}:x', '1'],
        ['{}:w', '2'],
      ],
      children: [{ text: 't' }, empty, { cdata: 'c' }, { text: 'uv' }, empty],
    });
    expect(childElements(root).map(({ local }) => local)).to.deep.equal(['b', 'b']);
  });

  it('resolves namespaces where they are in force', () => {
    const root = rootOf(
      '<p:a xmlns:p="u" xmlns="d" p:x="" y=""><b/><b xmlns="" xmlns:p="v"><p:c/></b><p:b xml:lang="en"/></p:a>',
    );
    const names: string[] = [];
    const visit = (node: XmlNode): void => {
      if (node.kind !== 'element') return;
      for (const { namespace, prefix, local } of [node, ...node.attributes]) {
        names.push(`{${namespace}}${prefix}:${local}`);
      }
      node.children.forEach(visit);
    };
    visit(root);
    expect(names).to.deep.equal([
      '{u}p:a',
      '{http://www.w3.org/2000/xmlns/}xmlns:p',
      '{http://www.w3.org/2000/xmlns/}:xmlns',
      '{u}p:x',
      '{}:y',
      '{d}:b',
      '{}:b',
      '{http://www.w3.org/2000/xmlns/}:xmlns',
      '{http://www.w3.org/2000/xmlns/}xmlns:p',
      '{v}p:c',
      '{u}p:b',
      '{http://www.w3.org/XML/1998/namespace}xml:lang',
    ]);
  });

  for (const [name, end] of [
    ['LF', '\n'],
    ['CR LF', '\r\n'],
    ['CR', '\r'],
  ] as const) {
    it(`places every node of a document in ${name} line ends`, () => {
      const lines = [
        '\ufeff<a>',
        '  <b c="1"',
        '\td = "2">x',
        '</b> <![CDATA[',
        'y]]>',
        '&amp;</a>',
      ];
      const seen: string[] = [];
      const visit = (node: XmlNode): void => {
        const name = node.kind === 'element' ? node.local : JSON.stringify(node.value);
        seen.push(`${name} ${node.location.line}:${node.location.column}`);
        if (node.kind !== 'element') return;
        for (const { local, location } of node.attributes) {
          seen.push(`@${local} ${location.line}:${location.column}`);
        }
        node.children.forEach(visit);
      };
      visit(rootOf(lines.join(end)));
      expect(seen).to.deep.equal([
        'a 1:1',
        '"\\n  " 1:4',
        'b 2:3',
        '@c 2:6',
        '@d 3:2',
        '"x\\n" 3:10',
        '" " 4:5',
        '"\\ny" 4:15',
        '"\\n&" 5:5',
      ]);
    });
  }

  const long = 'é'.repeat(1000);
  const wordy: readonly string[] = [
    `<${long}`,
    `<${long}$/>`,
    `<${long}>`,
    `<1${long}/>`,
    `<a></${long}>`,
    `<a></${long}`,
    `<a ${long}/>`,
    `<a ${long}=1/>`,
    `<a ${long}="1/>`,
    `<a ${long}="" ${long}=""/>`,
    `<a ${long}:b=""/>`,
    `<a xmlns:p="${long}" xmlns:q="${long}" p:b="" q:b=""/>`,
    `<a xmlns:${long}=""/>`,
    `<a/><${long}/>`,
    `<a>&${long};</a>`,
    `<a>&${long}</a>`,
    `<a>&#${'9'.repeat(1000)};</a>`,
    `<?${long}$?><a/>`,
    `<a xmlns:b="u"><?b:${long}?></a>`,
    `<?xml ${long}?><a/>`,
    `<?xml version="1.${'1'.repeat(1000)}"?><a/>`,
    '<a>\u202e&\u202e</a>',
    '<a\u202e/>',
    '<a \u202eb=""/>',
    '<a xmlns:p="&#10;" xmlns:q="&#10;" p:b="" q:b=""/>',
  ];
  it('keeps messages short and printable, whatever the document holds', () => {
    for (const xml of wordy) {
      const { diagnostics } = reading(xml);
      expect(diagnostics, xml.slice(0, 20)).to.have.length(1);
      for (const { message, hint = '' } of diagnostics) {
        expect(message.length).to.be.at.most(200);
        expect(hint.length).to.be.at.most(200);
        expect(message + hint).to.not.match(/\p{C}/u);
      }
    }
  });

  describe('tolerates before the XML declaration, with a warning at the declaration,', () => {
    const rows: readonly (readonly [title: string, before: string, place: string])[] = [
      ['a blank line', '\n', '2:1'],
      ['a space', ' ', '1:2'],
      ['a comment', '<!-- licence -->', '1:17'],
      ['comments and blank lines', '\n<!-- a -->\n\n<!-- b -->\n', '5:1'],
    ];
    for (const [title, before, place] of rows) {
      it(title, () => {
        const { root, diagnostics } = reading(`${before}<?xml version="1.0"?><a/>`);
        expect(root?.local).to.equal('a');
        expect(places(diagnostics)).to.deep.equal([`xml-declaration-not-first ${place}`]);
        expect(diagnostics[0]?.severity).to.equal('warning');
      });
    }
  });

  it('reads a later 1.x version by the rules of 1.0, with a warning', () => {
    const { root, diagnostics } = reading('<?xml version="1.1"?><a/>');
    expect(root?.local).to.equal('a');
    expect(places(diagnostics)).to.deep.equal(['xml-version 1:1']);
  });

  describe('whatever it is given, returns a tree or reports an error within the text:', () => {
    const check = (source: string | Uint8Array): void => {
      const { root, diagnostics } = reading(source);
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      expect(errors).to.have.length(root === undefined ? 1 : 0);
      const lines = typeof source === 'string' ? source.split(/\r\n|\r|\n/) : undefined;
      for (const { line, column, message } of diagnostics) {
        expect(message).to.not.match(/\p{C}/u);
        expect(message.length).to.be.at.most(300);
        expect(line).to.be.at.least(1);
        expect(column).to.be.at.least(1);
        if (lines === undefined) continue;
        expect(line).to.be.at.most(lines.length);
        expect(column).to.be.at.most((lines[line - 1] ?? '').length + 2);
      }
    };
    const pieces = fc.constantFrom(
      ...['<a', '<b:c', '>', '/>', '</a>', ' ', '\n', '\r', ' x="', "y='", '"', "'", '&amp;', '&#'],
      ...[
        '&',
        ';',
        '<!--',
        '-->',
        '<![CDATA[',
        ']]>',
        '<?xml version="1.0"',
        '<?p',
        '?>',
        ' xmlns:b="u"',
      ],
      ...['<!DOCTYPE a', 'text', '\u0000', '\ud800', '\ufeff', 'é', '='],
    );

    it('any string', () => {
      fc.assert(fc.property(fc.string({ unit: 'binary' }), check), { numRuns: 500 });
    });

    it('any bytes', () => {
      fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), check), { numRuns: 500 });
    });

    it('any sequence of pieces of markup', () => {
      const sequences = fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join(''));
      fc.assert(fc.property(sequences, check), { numRuns: 5000 });
    });

    it('any mutation of a sound document', () => {
      const sound =
        '<?xml version="1.0" encoding="UTF-8"?>\n<p:a xmlns:p="u" b="c&lt;">\r\n t&#10;<![CDATA[x]]><!-- y --><?z?><d/></p:a>\n';
      expect(reading(sound).diagnostics).to.deep.equal([]);
      const mutation = fc.record({
        at: fc.nat(sound.length),
        removed: fc.nat(6),
        put: fc.oneof(pieces, fc.constant('')),
      });
      const mutated = fc
        .array(mutation, { minLength: 1, maxLength: 3 })
        .map((mutations) =>
          mutations.reduce(
            (text, { at, removed, put }) => text.slice(0, at) + put + text.slice(at + removed),
            sound,
          ),
        );
      fc.assert(fc.property(mutated, check), { numRuns: 3000 });
      const bytes = mutated.map((text) => Uint8Array.from(Buffer.from(text, 'latin1')));
      fc.assert(fc.property(bytes, check), { numRuns: 1000 });
    });
  });
});
