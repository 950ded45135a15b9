import type { CoveredFile, CoveredPart } from './coverage.ts';
import { partKinds, type PartKind } from './parts.ts';

/** How many of a kind there are; a condition counts twice, once for each outcome. */
export interface Total {
  readonly kind: PartKind;
  readonly reached: number;
  readonly count: number;
}

/** For each kind that there is. */
export function coverageTotals(files: readonly CoveredFile[]): readonly Total[] {
  const parts = files.flatMap((file) => file.parts);
  return partKinds.flatMap((kind) => {
    const own = parts.filter((part) => part.kind === kind).flatMap(outcomesOf);
    const reached = own.filter((times) => times > 0).length;
    return own.length === 0 ? [] : [{ kind, reached, count: own.length }];
  });
}

/** How often each outcome came that a part can have. */
export function outcomesOf({ kind, reached, missed }: CoveredPart): readonly number[] {
  return kind === 'condition' ? [reached, missed] : [reached];
}

export type Reach = 'ran' | 'half' | 'never';

/** Whether all outcomes of a part came, some, or none. */
export function reachOf(part: CoveredPart): Reach {
  const outcomes = outcomesOf(part);
  if (outcomes.every((times) => times > 0)) return 'ran';
  return outcomes.some((times) => times > 0) ? 'half' : 'never';
}

/** What no case brought about, in words; undefined if there is nothing of the kind. */
export function gapOf(part: CoveredPart): string | undefined {
  const { kind, name, reached, missed } = part;
  if (kind !== 'condition') {
    return reached > 0 ? undefined : `${kind} ${name} was never ${verbOf(kind)}`;
  }
  if (reached > 0 && missed > 0) return undefined;
  if (reached > 0) return `condition of ${name} was never false`;
  return `condition of ${name} was never ${missed > 0 ? 'true' : 'asked'}`;
}

function verbOf(kind: Exclude<PartKind, 'condition'>): string {
  switch (kind) {
    case 'policy':
    case 'step':
    case 'shared flow':
      return 'run';
    case 'flow':
    case 'fault rule':
    case 'route rule':
      return 'taken';
  }
}
