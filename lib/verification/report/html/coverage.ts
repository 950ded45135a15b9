import type { CoveredFile, CoveredPart } from '../../coverage/coverage.ts';
import { coverageTotals, gapOf, reachOf, type Reach } from '../../coverage/totals.ts';
import { pluralOf } from '../coverage.ts';
import { html, type Content, type Markup } from './markup.ts';
import { badge, fold } from './page.ts';

/** What the page shows of a source file; undefined if it could not be read. */
export type SourceOf = (file: string) => string | undefined;

/** Coverage as a part of a page: a table, and each file with its lines coloured. */
export function coveragePart(files: readonly CoveredFile[], sourceOf: SourceOf): Markup {
  const rows = coverageTotals(files).map(
    ({ kind, reached, count }) =>
      html`<tr>
        <td>${pluralOf(kind)}</td>
        <td class="number">${reached}</td>
        <td class="number">${count}</td>
        <td class="number">${((100 * reached) / count).toFixed(0)} %</td>
      </tr>`,
  );
  return html`<section>
    <h2>Coverage</h2>
    <p class="dim">
      Green was reached by a case, red by none; of a yellow condition only one outcome was.
    </p>
    <table>
      <thead>
        <tr>
          <th>kind</th>
          <th>reached</th>
          <th>of</th>
          <th></th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
    ${files.map((file) => filePart(file, sourceOf(file.file)))}
  </section>`;
}

function filePart({ file, parts }: CoveredFile, source: string | undefined): Markup {
  const gaps = parts.flatMap((part) => gapOf(part) ?? []);
  const count =
    gaps.length === 0 ? badge('good', 'all reached') : badge('bad', `${gaps.length} gaps`);
  const content = source === undefined ? gapList(gaps) : sourceLines(source, parts);
  return fold('closed', html`${count} <code>${file}</code>`, content);
}

function gapList(gaps: readonly string[]): Content {
  return html`<ul>
    ${gaps.map((gap) => html`<li>${gap}</li>`)}
  </ul>`;
}

const worstFirst: readonly Reach[] = ['never', 'half', 'ran'];

function sourceLines(source: string, parts: readonly CoveredPart[]): Markup {
  const byLine = new Map<number, CoveredPart[]>();
  for (const part of parts) {
    const { line } = part.location;
    byLine.set(line, [...(byLine.get(line) ?? []), part]);
  }
  const lines = source.split(/\r\n|\r|\n/).map((text, index) => {
    const own = byLine.get(index + 1) ?? [];
    const reaches = own.map(reachOf);
    const worst = worstFirst.find((reach) => reaches.includes(reach)) ?? '';
    const gaps = own.flatMap((part) => gapOf(part) ?? []).join('; ');
    const times = own.length === 0 ? '' : own.map(timesOf).join(' ');
    return html`<div class="${worst}" title="${gaps}">
      <span>${index + 1}</span><span>${times}</span><code>${text}</code>
    </div>`;
  });
  return html`<div class="source">${lines}</div>`;
}

function timesOf({ kind, reached, missed }: CoveredPart): string {
  return kind === 'condition' ? `${reached}✓ ${missed}✗` : `${reached}×`;
}
