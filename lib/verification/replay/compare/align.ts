/** Two sequences side by side: what is in both, and what one of them alone has. */
export interface Aligned<Item> {
  readonly recorded: Item | undefined;
  readonly replayed: Item | undefined;
}

interface Keyed {
  readonly key: string;
}

/** Cells of the table that finds the longest common subsequence; more would take too long. */
const mostCells = 4_000_000;

/** Matches items of equal keys in order, as many as can be, or those that a plain search finds if there are too many. */
export function align<Item extends Keyed>(
  recorded: readonly Item[],
  replayed: readonly Item[],
): readonly Aligned<Item>[] {
  let start = 0;
  while (start < recorded.length && recorded[start]?.key === replayed[start]?.key) start += 1;
  let [left, right] = [recorded.length, replayed.length];
  while (left > start && right > start && recorded[left - 1]?.key === replayed[right - 1]?.key) {
    left -= 1;
    right -= 1;
  }
  const pair = (offset: number, other: number, length: number): readonly Aligned<Item>[] =>
    recorded
      .slice(offset, offset + length)
      .map((item, at) => ({ recorded: item, replayed: replayed[other + at] }));
  return [
    ...pair(0, 0, start),
    ...middle(recorded.slice(start, left), replayed.slice(start, right)),
    ...pair(left, right, recorded.length - left),
  ];
}

function middle<Item extends Keyed>(
  recorded: readonly Item[],
  replayed: readonly Item[],
): readonly Aligned<Item>[] {
  const isSmall = recorded.length * replayed.length <= mostCells;
  const matches = isSmall ? longestCommon(recorded, replayed) : greedy(recorded, replayed);
  const aligned: Aligned<Item>[] = [];
  let [left, right] = [0, 0];
  for (const [atLeft, atRight] of [...matches, [recorded.length, replayed.length] as const]) {
    for (; left < atLeft; left++) aligned.push({ recorded: recorded[left], replayed: undefined });
    for (; right < atRight; right++) {
      aligned.push({ recorded: undefined, replayed: replayed[right] });
    }
    if (atLeft === recorded.length) break;
    aligned.push({ recorded: recorded[left], replayed: replayed[right] });
    left += 1;
    right += 1;
  }
  return aligned;
}

type Match = readonly [recorded: number, replayed: number];

function longestCommon(one: readonly Keyed[], other: readonly Keyed[]): readonly Match[] {
  const width = other.length + 1;
  const lengths = new Uint16Array((one.length + 1) * width);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = one.length - 1; row >= 0; row--) {
    for (let column = other.length - 1; column >= 0; column--) {
      lengths[row * width + column] =
        one[row]?.key === other[column]?.key
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const matches: Match[] = [];
  for (let [row, column] = [0, 0]; row < one.length && column < other.length;) {
    if (one[row]?.key === other[column]?.key) {
      matches.push([row, column]);
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return matches;
}

/** Each item with the next one of its key, looking ahead only so far. */
function greedy(one: readonly Keyed[], other: readonly Keyed[]): readonly Match[] {
  const reach = 100;
  const matches: Match[] = [];
  let column = 0;
  for (const [row, { key }] of one.entries()) {
    const found = other.slice(column, column + reach).findIndex((item) => item.key === key);
    if (found < 0) continue;
    matches.push([row, column + found]);
    column += found + 1;
  }
  return matches;
}
