import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { decodeProperties, readProperties } from '../../lib/bundle/properties-file.ts';
import type { Diagnostic } from '../../lib/diagnostic/diagnostic.ts';

function read(text: string): {
  readonly entries: readonly (readonly [string, string])[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  return { entries: [...readProperties(text, { file: 'a.properties', report })], diagnostics };
}

type Vector = readonly [text: string, entries: readonly (readonly [string, string])[] | null];

const cases: readonly [title: string, text: string, expected: readonly [string, string][]][] = [
  ['an equals sign', 'a=b', [['a', 'b']]],
  ['a colon', 'a:b', [['a', 'b']]],
  ['white space', 'a b', [['a', 'b']]],
  ['white space around the sign', ' a \t=  b ', [['a', 'b ']]],
  ['the first sign only', 'a=b=c:d', [['a', 'b=c:d']]],
  ['a sign behind white space as the separator', 'a : = b', [['a', '= b']]],
  ['a key alone', 'a', [['a', '']]],
  ['an empty key', '=b', [['', 'b']]],
  ['dots in keys', 'a.b.c=d', [['a.b.c', 'd']]],
  ['comments', '# a=b\n  ! c=d\ne=f # no comment', [['e', 'f # no comment']]],
  ['blank lines', '\n \t\n\na=b\n\n', [['a', 'b']]],
  [
    'any line end',
    'a=1\r\nb=2\rc=3\nd=4',
    [
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
      ['d', '4'],
    ],
  ],
  ['no key in lines that are blank once joined', '\\\n \na=b', [['a', 'b']]],
  ['joined lines', 'a=b\\\n   c\\\r\n\td', [['a', 'bcd']]],
  ['a joined comment as a comment only', '# a\\\nb=c', [['b', 'c']]],
  ['a comment sign in a joined line as text', 'a=b\\\n#c', [['a', 'b#c']]],
  [
    'an escaped backslash at the end',
    'a=b\\\\\nc=d',
    [
      ['a', 'b\\'],
      ['c', 'd'],
    ],
  ],
  ['a backslash at the end of the file', 'a=b\\', [['a', 'b']]],
  ['escaped separators', 'a\\=b\\:c\\ d=e', [['a=b:c d', 'e']]],
  ['control characters', 'a=\\t\\n\\r\\f', [['a', '\t\n\r\f']]],
  ['unicode escapes', 'a=\\u00e9\\u20AC', [['a', '\u00e9\u20ac']]],
  ['a backslash before anything else', 'a=\\q\\"', [['a', 'q"']]],
  ['the last of a repeated key', 'a=1\na=2', [['a', '2']]],
  ['a byte order mark', '\ufeffa=b', [['a', 'b']]],
];

describe('readProperties', () => {
  for (const [title, text, expected] of cases) {
    it(`reads ${title}`, () => {
      expect(read(text)).to.deep.equal({ entries: expected, diagnostics: [] });
    });
  }

  it('reads what java.util.Properties reads, and refuses what it refuses', async () => {
    const lines = (await readFile('fixtures/golden/java-properties/vectors.jsonl', 'utf8')).trim();
    const vectors = lines.split('\n').map((line) => JSON.parse(line) as Vector);
    expect(vectors).to.have.length.above(1000);
    for (const [text, expected] of vectors) {
      const { entries, diagnostics } = read(text);
      const sorted = [...entries].sort(([one], [other]) => (one < other ? -1 : 1));
      const shown = diagnostics.length > 0 ? null : sorted;
      expect(shown, JSON.stringify(text)).to.deep.equal(expected);
    }
  });

  it('reports a malformed escape at its line and keeps it', () => {
    const { entries, diagnostics } = read('ok=1\na=\\u12 b');
    expect(entries).to.deep.equal([
      ['ok', '1'],
      ['a', '\\u12 b'],
    ]);
    expect(diagnostics).to.have.length(1);
    expect(diagnostics[0]).to.include({ code: 'malformed-escape', severity: 'error', line: 2 });
  });

  it('reads a megabyte of backslashes', () => {
    expect(read(`a=${'\\'.repeat(1_000_000)}`).entries[0]?.[1]).to.have.length(500_000);
  });
});

describe('decodeProperties', () => {
  it('takes UTF-8, and ISO-8859-1 for what is not', () => {
    expect(decodeProperties(Buffer.from('a=\u00e9'))).to.equal('a=\u00e9');
    expect(decodeProperties(Buffer.from('a=\u00e9', 'latin1'))).to.equal('a=\u00e9');
  });
});
