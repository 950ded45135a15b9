import { digests } from './digests.ts';
import { escapes } from './escapes.ts';
import type { TemplateFunction } from './function.ts';
import { hmacs } from './hmac.ts';
import { randoms } from './random.ts';
import { selections } from './select.ts';
import { texts } from './text.ts';
import { times } from './time.ts';

/** Every function by its name; names are case-sensitive. */
export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map(
  [digests, hmacs, texts, escapes, times, randoms, selections].flatMap((group) =>
    Object.entries(group),
  ),
);

/** The known name that is written most like `name`, if one is near enough to be meant. */
export function nearestFunction(name: string): string | undefined {
  const wanted = name.toLowerCase();
  let nearest: string | undefined;
  let best = Math.floor(Math.min(wanted.length, 12) / 3) + 1;
  for (const [known, { aliasOf }] of templateFunctions) {
    if (aliasOf !== undefined) continue;
    const distance = editDistance(wanted, known.toLowerCase());
    if (distance < best) {
      best = distance;
      nearest = known;
    }
  }
  return nearest;
}

/** Letters to insert, delete or replace on the way from one text to the other. */
function editDistance(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > 4) return Infinity;
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 0; row < from.length; row += 1) {
    const letter = from[row];
    const current = [row + 1];
    for (let column = 0; column < to.length; column += 1) {
      const replaced = (previous[column] ?? 0) + (letter === to[column] ? 0 : 1);
      const deleted = (previous[column + 1] ?? 0) + 1;
      const inserted = (current[column] ?? 0) + 1;
      current.push(Math.min(replaced, deleted, inserted));
    }
    previous = current;
  }
  return previous[to.length] ?? Infinity;
}
