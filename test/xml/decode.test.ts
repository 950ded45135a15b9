import { expect } from 'chai';
import fc from 'fast-check';
import type { Diagnostic } from '../../lib/diagnostic/diagnostic.ts';
import { decodeXml } from '../../lib/xml/decode.ts';
import { textOf } from '../../lib/xml/tree.ts';
import { places, reading, rootOf } from './reading.ts';

type Encoding = 'utf8' | 'utf16le' | 'utf16be' | 'latin1';

function bytesOf(text: string, encoding: Encoding, mark: readonly number[] = []): Uint8Array {
  const body = Buffer.from(text, encoding === 'utf16be' ? 'utf16le' : encoding);
  return Uint8Array.from([...mark, ...(encoding === 'utf16be' ? body.swap16() : body)]);
}

function decoded(bytes: Uint8Array): {
  readonly text: string | undefined;
  readonly findings: readonly string[];
} {
  const diagnostics: Diagnostic[] = [];
  const text = decodeXml(bytes, { file: 'a.xml', report: (each) => diagnostics.push(each) });
  return { text, findings: places(diagnostics) };
}

const declares = (encoding: string): string => `<?xml version="1.0" encoding="${encoding}"?>`;
const utf8Mark = [0xef, 0xbb, 0xbf];
const utf16leMark = [0xff, 0xfe];
const utf16beMark = [0xfe, 0xff];

describe('decodeXml', () => {
  const sound: readonly (readonly [title: string, bytes: Uint8Array, text: string])[] = [
    ['UTF-8 without a word', bytesOf('<a>é😀</a>', 'utf8'), 'é😀'],
    ['UTF-8 with a mark', bytesOf('<a>é</a>', 'utf8', utf8Mark), 'é'],
    [
      'UTF-8 with a mark and a declaration',
      bytesOf(`${declares('utf-8')}<a>é</a>`, 'utf8', utf8Mark),
      'é',
    ],
    ['UTF-16LE with a mark', bytesOf(`${declares('UTF-16')}<a>é</a>`, 'utf16le', utf16leMark), 'é'],
    ['UTF-16BE with a mark', bytesOf(`${declares('UTF-16')}<a>é</a>`, 'utf16be', utf16beMark), 'é'],
    ['UTF-16LE without a mark', bytesOf(`${declares('UTF-16')}<a>é😀</a>`, 'utf16le'), 'é😀'],
    ['UTF-16BE without a mark', bytesOf(`${declares('UTF-16BE')}<a>é😀</a>`, 'utf16be'), 'é😀'],
    ['UTF-16LE without mark or declaration', bytesOf('\n<a>é</a>', 'utf16le'), 'é'],
    [
      'a declared ISO-8859-1, C1 controls included',
      bytesOf(`${declares('ISO-8859-1')}<a>é\u0080</a>`, 'latin1'),
      'é\u0080',
    ],
    [
      'a declared windows-1252',
      bytesOf(`${declares('windows-1252')}<a>é\u0080</a>`, 'latin1'),
      'é€',
    ],
    ['a declared ISO-8859-15', bytesOf(`${declares('iso-8859-15')}<a>\u00a4</a>`, 'latin1'), '€'],
    [
      'a declared Shift_JIS',
      bytesOf(`${declares('Shift_JIS')}<a>\u0083\u0065</a>`, 'latin1'),
      'テ',
    ],
    ['a declared US-ASCII', bytesOf(`${declares('US-ASCII')}<a>e</a>`, 'latin1'), 'e'],
    [
      'a declaration in single quotes',
      bytesOf(`<?xml version='1.0' encoding = 'latin1' ?><a>é</a>`, 'latin1'),
      'é',
    ],
    [
      'an encoding named in a comment only',
      bytesOf(`<!-- ${declares('latin1')} --><a>é</a>`, 'utf8'),
      'é',
    ],
    ['a second mark as text', bytesOf('<a>\ufeff</a>', 'utf8', utf8Mark), '\ufeff'],
    ['U+FFFD that the document holds itself', bytesOf('<a>\ufffd</a>', 'utf8'), '\ufffd'],
  ];
  for (const [title, bytes, text] of sound) {
    it(`reads ${title}`, () => {
      expect(textOf(rootOf(bytes))).to.equal(text);
    });
  }

  it('finds a declaration behind comments and blank lines', () => {
    const bytes = bytesOf(`\n<!-- x -->\n${declares('ISO-8859-1')}<a>é</a>`, 'latin1');
    const { root, diagnostics } = reading(bytes);
    expect(root && textOf(root)).to.equal('é');
    expect(places(diagnostics)).to.deep.equal(['xml-declaration-not-first 3:1']);
  });

  it('leaves the mark out of the columns', () => {
    expect(rootOf(bytesOf('<a/>', 'utf8', utf8Mark)).location.column).to.equal(1);
  });

  const refused: readonly (readonly [title: string, bytes: Uint8Array, finding: string])[] = [
    [
      'a byte that starts nothing',
      bytesOf('<a>\n x\u00ff</a>', 'latin1'),
      'xml-malformed-bytes 2:3',
    ],
    [
      'Latin-1 that nobody declared',
      bytesOf('<a>caf\u00e9</a>', 'latin1'),
      'xml-malformed-bytes 1:7',
    ],
    [
      'a sequence cut by another character',
      bytesOf('<a>\u00e2\u0082</a>', 'latin1'),
      'xml-malformed-bytes 1:4',
    ],
    [
      'a sequence cut by the end',
      bytesOf('<a/>\n\u00e2\u0082', 'latin1'),
      'xml-malformed-bytes 2:1',
    ],
    ['an overlong form', bytesOf('<a>\u00c0\u00af</a>', 'latin1'), 'xml-malformed-bytes 1:4'],
    [
      'an encoded surrogate',
      bytesOf('<a>\u00ed\u00a0\u0080</a>', 'latin1'),
      'xml-malformed-bytes 1:4',
    ],
    [
      'malformed bytes behind a mark',
      bytesOf('<a>\u00ff</a>', 'latin1', utf8Mark),
      'xml-malformed-bytes 1:4',
    ],
    [
      'a malformed byte far into a document',
      bytesOf(`<a>${'é\n'.repeat(9000).replaceAll('é', '\u00c3\u00a9')}\u00ff</a>`, 'latin1'),
      'xml-malformed-bytes 9001:1',
    ],
    [
      'a lone surrogate in UTF-16',
      bytesOf('<a>\ud800</a>', 'utf16le', utf16leMark),
      'xml-malformed-bytes 1:4',
    ],
    [
      'an odd number of bytes in UTF-16',
      bytesOf('<a/>', 'utf16le').subarray(0, 7),
      'xml-malformed-bytes 1:4',
    ],
    [
      'a byte beyond US-ASCII',
      bytesOf(`${declares('US-ASCII')}<a>é</a>`, 'latin1'),
      'xml-malformed-bytes 1:45',
    ],
    [
      'an unknown encoding',
      bytesOf(`${declares('x-none')}<a/>`, 'utf8'),
      'xml-encoding-unknown 1:31',
    ],
    [
      'UTF-32 by its mark',
      Uint8Array.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0]),
      'xml-encoding-unknown 1:1',
    ],
    ['UTF-32 without a mark', Uint8Array.from([0, 0, 0, 0x3c]), 'xml-encoding-unknown 1:1'],
    ['EBCDIC', Uint8Array.from([0x4c, 0x6f, 0xa7, 0x94, 0x93]), 'xml-encoding-unknown 1:1'],
    [
      'a declared UTF-16 that is not',
      bytesOf(`${declares('UTF-16')}<a/>`, 'utf8'),
      'xml-encoding-contradicted 1:31',
    ],
    [
      'UTF-16 without a mark that declares UTF-8',
      bytesOf(`${declares('UTF-8')}<a/>`, 'utf16le'),
      'xml-encoding-contradicted 1:31',
    ],
  ];
  for (const [title, bytes, finding] of refused) {
    it(`refuses ${title}`, () => {
      expect(decoded(bytes)).to.deep.equal({ text: undefined, findings: [finding] });
      expect(reading(bytes).root).to.equal(undefined);
    });
  }

  const contradicted: readonly (readonly [title: string, bytes: Uint8Array])[] = [
    ['UTF-8, declared ISO-8859-1', bytesOf(`${declares('ISO-8859-1')}<a>é</a>`, 'utf8', utf8Mark)],
    ['UTF-8, declared UTF-16', bytesOf(`${declares('UTF-16')}<a>é</a>`, 'utf8', utf8Mark)],
    ['UTF-8, declared unknown', bytesOf(`${declares('x-none')}<a>é</a>`, 'utf8', utf8Mark)],
    ['UTF-16, declared UTF-8', bytesOf(`${declares('UTF-8')}<a>é</a>`, 'utf16be', utf16beMark)],
  ];
  for (const [title, bytes] of contradicted) {
    it(`lets the mark win over the declaration, with a warning: ${title}`, () => {
      const { root, diagnostics } = reading(bytes);
      expect(root && textOf(root)).to.equal('é');
      expect(places(diagnostics)).to.deep.equal(['xml-encoding-contradicted 1:31']);
      expect(diagnostics[0]?.severity).to.equal('warning');
    });
  }

  // Without U+0000, which behind the mark of UTF-16LE would make the mark of UTF-32.
  it('gives back any text that was encoded as UTF-8 or UTF-16', () => {
    const marks = { utf8: utf8Mark, utf16le: utf16leMark, utf16be: utf16beMark };
    const encoding = fc.constantFrom('utf8' as const, 'utf16le' as const, 'utf16be' as const);
    const text = fc
      .string({ unit: 'binary', maxLength: 50 })
      .map((each) => each.replaceAll('\0', ''));
    fc.assert(
      fc.property(text, encoding, (each, name) => {
        const bytes = bytesOf(each, name, marks[name]);
        expect(decoded(bytes)).to.deep.equal({ text: each, findings: [] });
      }),
    );
  });

  it('returns a text or reports one error for any bytes', () => {
    const marks = fc.constantFrom([], utf8Mark, utf16leMark, utf16beMark);
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .tuple(
          fc.constantFrom('utf-8', 'shift_jis', 'iso-2022-jp', 'gb18030', 'big5'),
          fc.uint8Array(),
        )
        .map(([name, tail]) => Uint8Array.from([...Buffer.from(declares(name)), ...tail])),
    );
    fc.assert(
      fc.property(marks, body, (mark, bytes) => {
        const { text, findings } = decoded(Uint8Array.from([...mark, ...bytes]));
        const errors = findings.filter((each) => !each.startsWith('xml-encoding-contradicted'));
        if (text === undefined) expect(findings.length).to.be.at.least(1);
        else expect(errors).to.deep.equal([]);
      }),
      { numRuns: 1000 },
    );
  });
});
