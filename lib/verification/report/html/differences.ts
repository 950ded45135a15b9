import type { Difference } from '../../matching/difference.ts';
import { conditionOf } from '../../matching/matcher.ts';
import { html, type Content, type Markup } from './markup.ts';
import { readableValue } from './readable-value.ts';

/** What the two columns stand for; of a test what was expected and what was found. */
export interface Sides {
  readonly expected: string;
  readonly found: string;
}

const testSides: Sides = { expected: 'expected', found: 'found' };

/** Differences as a table, with the part of each value highlighted that is not the other's. */
export function differenceTable(
  differences: readonly Difference[],
  sides: Sides = testSides,
): Markup {
  const rows = differences.map(({ at, expected, found, note }) => {
    const [wanted, got] = [readableValue(expected), readableValue(found)];
    const isComparable =
      expected !== undefined && found !== undefined && conditionOf(expected) === undefined;
    const [wantedPart, gotPart] = isComparable ? markedApart(wanted, got) : [wanted, got];
    const remark = note === undefined ? undefined : html`<p class="dim">${note}</p>`;
    return html`<tr>
      <td><code>${at}</code>${remark}</td>
      <td class="expected"><code>${wantedPart}</code></td>
      <td class="found"><code>${gotPart}</code></td>
    </tr>`;
  });
  return html`<table>
    <thead>
      <tr>
        <th>where</th>
        <th>${sides.expected}</th>
        <th>${sides.found}</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

/** Both texts, with what is between their common beginning and their common end marked. */
export function markedApart(one: string, other: string): readonly [Content, Content] {
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  const marked = (text: string): Content => {
    const middle = text.slice(start, text.length - end);
    const mark = middle === '' ? undefined : html`<mark>${middle}</mark>`;
    return [text.slice(0, start), mark, text.slice(text.length - end)];
  };
  return [marked(one), marked(other)];
}
