import { readFileSync } from 'node:fs';

const folder = new URL('../../fixtures/golden/', import.meta.url);

const letters: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r' };

function unescaped(field: string): string {
  return field.replace(/\\(?:u([0-9a-f]{4})|(.))/gs, (_whole, digits?: string, letter = '') =>
    digits === undefined
      ? (letters[String(letter)] ?? String(letter))
      : String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

export interface GoldenLine {
  readonly fields: readonly string[];
  /** What Java made of them. */
  readonly expected: unknown;
}

/** The lines of a `.tsv` file with the answers of the `.jsonl` file beside it. */
export function goldenLines(name: string): readonly GoldenLine[] {
  const read = (extension: string): readonly string[] =>
    readFileSync(new URL(name + extension, folder), 'utf8')
      .split('\n')
      .slice(0, -1);
  const answers = read('.jsonl').map((line): unknown => JSON.parse(line));
  return read('.tsv').map((line, index) => ({
    fields: line.split('\t').map(unescaped),
    expected: answers[index],
  }));
}
