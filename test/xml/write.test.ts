import { expect } from 'chai';
import fc from 'fast-check';
import type { XmlElement, XmlNode } from '../../lib/xml/tree.ts';
import { writeXml } from '../../lib/xml/write.ts';
import { reading, rootOf, shapeOf } from './reading.ts';

const location = { file: 'made', line: 1, column: 1 };

describe('writeXml', () => {
  const rows: readonly (readonly [title: string, content: string, written: string])[] = [
    ['text', 'x', 'x'],
    ['an empty element', '<b></b>', '<b/>'],
    ['siblings and the space between them', '\n  <b>1</b>\n  <c/>\n', '\n  <b>1</b>\n  <c/>\n'],
    [
      'prefixes, declarations and their order',
      '<p:b  c="1" xmlns:p="u"\n p:a="2"/>',
      '<p:b c="1" xmlns:p="u" p:a="2"/>',
    ],
    ['no declaration of its own for a prefix from outside', '<q:b/>', '<q:b/>'],
    ['a default namespace', '<b xmlns="u"><c/></b>', '<b xmlns="u"><c/></b>'],
    ['escapes in text', '&lt;b&gt; &amp;&quot;', '&lt;b&gt; &amp;"'],
    ['escapes in a value', `<b c='&lt;"&amp;>&#10;'/>`, '<b c="&lt;&quot;&amp;>&#10;"/>'],
    ['a CDATA section', '<![CDATA[<b>&]]>', '<![CDATA[<b>&]]>'],
    ['an empty CDATA section', '<b><![CDATA[]]></b>', '<b><![CDATA[]]></b>'],
    ['templates untouched', '<b c="{x}">{y}</b>', '<b c="{x}">{y}</b>'],
    ['no comment', '<b>x<!-- y -->z</b>', '<b>xz</b>'],
  ];
  for (const [title, content, written] of rows) {
    it(`writes ${title}`, () => {
      expect(writeXml(rootOf(`<a xmlns:q="v">${content}</a>`).children)).to.equal(written);
    });
  }

  it('writes nothing for no nodes', () => {
    expect(writeXml([])).to.equal('');
  });

  it('splits a made CDATA section that holds "]]>"', () => {
    const written = writeXml([{ kind: 'cdata', value: 'a]]>b', location }]);
    expect(written).to.equal('<![CDATA[a]]]]><![CDATA[>b]]>');
  });

  it('writes a tree deeper than the call stack', () => {
    const element = (children: readonly XmlNode[]): XmlElement => {
      return {
        kind: 'element',
        prefix: '',
        local: 'a',
        namespace: '',
        attributes: [],
        children,
        location,
      };
    };
    let tree = element([]);
    for (let depth = 1; depth < 200_000; depth += 1) tree = element([tree]);
    expect(writeXml([tree])).to.have.length(199_999 * 7 + 4);
  });

  it('writes any tree so that it is read back the same', () => {
    const name = fc.stringMatching(/^[A-Za-z_é][\w.é-]{0,4}$/);
    const character = fc.oneof(
      fc.constantFrom(
        ...Array.from(`<>&"']-!? \t\n\r{}`),
        ']]>',
        '&amp;',
        '\u00a0',
        '\ufeff',
        '\u0085',
        '😀',
      ),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }),
    );
    // What XML cannot hold at all is left out; what it can only hold escaped is not.
    const value = fc
      .array(character, { maxLength: 6 })
      .map((parts) =>
        parts.join('').replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ''),
      );
    const attribute = fc.record({ prefixed: fc.boolean(), local: name, value });
    const text = value
      .filter((each) => each !== '')
      .map((each): XmlNode => {
        return { kind: 'text', value: each, location };
      });
    const cdata = value.map((each): XmlNode => {
      const storable = each.replaceAll(']]>', '').replaceAll('\r', '');
      return { kind: 'cdata', value: storable.replaceAll(']]>', ''), location };
    });
    const { element } = fc.letrec<{ element: XmlElement; node: XmlNode }>((tie) => ({
      node: fc.oneof({ maxDepth: 4, depthSize: 'small' }, text, cdata, tie('element')),
      element: fc
        .record({
          prefixed: fc.boolean(),
          local: name,
          attributes: fc.uniqueArray(attribute, {
            maxLength: 3,
            selector: ({ prefixed, local }) => `${prefixed} ${local}`,
          }),
          children: fc.array(tie('node'), { maxLength: 4 }),
        })
        .map(({ prefixed, local, attributes, children }): XmlElement => ({
          kind: 'element',
          ...nameOf(prefixed, local),
          attributes: attributes
            .filter((each) => each.prefixed || each.local !== 'xmlns')
            .map((each) => ({
              kind: 'attribute',
              ...nameOf(each.prefixed, each.local),
              value: each.value,
              location,
            })),
          children: withoutNeighbouringTexts(children),
          location,
        })),
    }));
    fc.assert(
      fc.property(element, (tree) => {
        const { root } = reading(`<root xmlns:p="u">${writeXml([tree])}</root>`);
        expect(root?.children.map(shapeOf)).to.deep.equal([shapeOf(tree)]);
      }),
      { numRuns: 1000 },
    );
  });
});

function nameOf(
  prefixed: boolean,
  local: string,
): Readonly<Record<'prefix' | 'local' | 'namespace', string>> {
  return prefixed ? { prefix: 'p', local, namespace: 'u' } : { prefix: '', local, namespace: '' };
}

/** Two texts side by side are one text once written. */
function withoutNeighbouringTexts(nodes: readonly XmlNode[]): readonly XmlNode[] {
  return nodes.filter((node, at) => node.kind !== 'text' || nodes[at - 1]?.kind !== 'text');
}
