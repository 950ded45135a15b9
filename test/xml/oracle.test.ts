import {
  CDATASection,
  DOMParser,
  Element,
  onWarningStopParsing,
  Text,
  type Node,
} from '@xmldom/xmldom';
import { expect } from 'chai';
import fc from 'fast-check';
import { XMLValidator } from 'fast-xml-parser';
import { malformed, type Library } from './malformed.ts';
import { reading, shapeOf, type Shape } from './reading.ts';

/** What xmldom makes of a document at its strictest; undefined when it refuses it. */
function byXmldom(text: string): Shape | undefined {
  const parser = new DOMParser({
    onError: onWarningStopParsing,
    // Its own normalisation is that of XML 1.1.
    normalizeLineEndings: (source) => source.replace(/\r\n?/g, '\n'),
  });
  try {
    const root = parser.parseFromString(text, 'application/xml').documentElement;
    return root === null ? undefined : shapeOfDom(root);
  } catch {
    return undefined;
  }
}

interface DomName {
  readonly namespaceURI: string | null;
  readonly prefix: string | null;
  readonly localName: string | null;
}

function nameOf({ namespaceURI, prefix, localName }: DomName): string {
  return `{${namespaceURI ?? ''}}${prefix ?? ''}:${localName ?? ''}`;
}

function shapeOfDom(element: Element): Shape {
  const children: Shape[] = [];
  for (let node: Node | null = element.firstChild; node !== null; node = node.nextSibling) {
    if (node instanceof Element) children.push(shapeOfDom(node));
    else if (node instanceof CDATASection) children.push({ cdata: node.data });
    else if (node instanceof Text) children.push({ text: node.data });
  }
  return {
    name: nameOf(element),
    attributes: Array.from(element.attributes, (each) => [nameOf(each), each.value] as const),
    children,
  };
}

/** xmldom keeps no empty CDATA section and parts texts at comments; both mean the same. */
function normalised(shape: Shape): Shape {
  if (!('name' in shape)) return shape;
  const children: Shape[] = [];
  for (const child of shape.children.map(normalised)) {
    const last = children.at(-1);
    if ('cdata' in child && child.cdata === '') continue;
    if ('text' in child && last !== undefined && 'text' in last) {
      children[children.length - 1] = { text: last.text + child.text };
    } else {
      children.push(child);
    }
  }
  return { ...shape, children };
}

/** The errors that xmldom is known to pass over, by the table of malformed documents. */
const leniencies: ReadonlySet<string> = new Set(
  malformed.filter(({ acceptedBy }) => acceptedBy.includes('xmldom')).map(({ code }) => code),
);

/** The verdict on one document, in words when it is not the one expected. */
function disagreement(text: string): string | undefined {
  const { root, diagnostics } = reading(text);
  const theirs = byXmldom(text);
  if (root === undefined) {
    const codes = diagnostics.map(({ code }) => code);
    if (theirs === undefined || codes.some((code) => leniencies.has(code))) return undefined;
    return `refused here only (${codes.join()}): ${JSON.stringify(text)}`;
  }
  if (diagnostics.some(({ code }) => code === 'xml-declaration-not-first')) return undefined;
  const ours = JSON.stringify(normalised(shapeOf(root)));
  if (theirs === undefined) return `accepted here only: ${JSON.stringify(text)}`;
  const other = JSON.stringify(normalised(theirs));
  return ours === other ? undefined : `read as ${ours}, by xmldom as ${other}`;
}

/** Every sequence of up to `length` pieces. */
function* sequences(pieces: readonly string[], length: number): Generator<string> {
  yield '';
  if (length === 0) return;
  for (const rest of sequences(pieces, length - 1)) {
    for (const piece of pieces) yield piece + rest;
  }
}

const enumerations: readonly {
  readonly title: string;
  readonly pieces: readonly string[];
  readonly length: number;
  readonly frame: (content: string) => string;
}[] = [
  {
    title: 'documents of up to 6 characters of a small alphabet',
    pieces: ['<', 'a', '/', '>', '!'],
    length: 6,
    frame: (content) => content,
  },
  {
    title: 'contents of up to 4 characters of a larger alphabet',
    pieces: ['<', 'a', '/', '>', '&', ';', '"', '=', ' ', '#', '1', ']', '-', '?'],
    length: 4,
    frame: (content) => `<a>${content}</a>`,
  },
  {
    title: 'tags of up to 5 characters',
    pieces: ['b', '=', '"', "'", ' ', '/', '>', ':'],
    length: 5,
    frame: (content) => `<a ${content}>`,
  },
  {
    title: 'documents of up to 4 pieces of markup',
    pieces: [
      ...['<a>', '</a>', '<a/>', '<b xmlns="u" p="1">', '</b>', '<!--', '-->', '<![CDATA[', ']]>'],
      ...['<?x ', '?>', '&lt;', 't'],
    ],
    length: 4,
    frame: (content) => content,
  },
];

describe('readXml against other parsers', () => {
  const libraries: Readonly<Record<Library, (xml: string) => boolean>> = {
    xmldom: (xml) => byXmldom(xml.replace(/^\ufeff/, '')) !== undefined,
    // Its successor is another package; this one was tried.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    'fast-xml-parser': (xml) => XMLValidator.validate(xml) === true,
  };
  for (const library of ['xmldom', 'fast-xml-parser'] as const) {
    // When this fails after an update, the library has become stricter: correct the table, and see
    // whether the reason given in lib/xml/read.ts still holds.
    it(`refuses what ${library} is known to accept`, () => {
      const accepted = malformed.filter(({ xml }) => libraries[library](xml));
      const known = malformed.filter(({ acceptedBy }) => acceptedBy.includes(library));
      expect(accepted.map(({ wrong }) => wrong)).to.deep.equal(known.map(({ wrong }) => wrong));
    });
  }

  for (const { title, pieces, length, frame } of enumerations) {
    it(`agrees with xmldom on all ${title}`, () => {
      const found: string[] = [];
      let accepted = 0;
      for (const content of sequences(pieces, length)) {
        const text = frame(content);
        const difference = disagreement(text);
        if (difference !== undefined) found.push(difference);
        if (reading(text).root !== undefined) accepted += 1;
      }
      expect(found.slice(0, 20)).to.deep.equal([]);
      expect(accepted).to.be.greaterThan(0);
    }).timeout(60_000);
  }

  it('agrees with xmldom on random sequences of markup', () => {
    const piece = fc.constantFrom(
      ...[
        '<a>',
        '</a>',
        '<b:c xmlns:b="u">',
        '</b:c>',
        '<a/>',
        '<a xmlns="v" b=\'1\t2\r\n\'>',
        '\r\n',
      ],
      ...[
        '<!-- - -->',
        '<?p q?>',
        '<![CDATA[<&]]>',
        '<![CDATA[]]>',
        '&amp;',
        '&#13;',
        'text',
        '\u00a0',
      ],
      ...['é', '😀', '\t', '>', '"', ']]', '\u0085'],
    );
    const document = fc.array(piece, { maxLength: 12 }).map((parts) => `<a>${parts.join('')}</a>`);
    fc.assert(
      fc.property(document, (text) => {
        expect(disagreement(text)).to.equal(undefined);
      }),
      { numRuns: 3000 },
    );
  });
});
