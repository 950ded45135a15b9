import type { ConditionResult } from '../condition/explain.ts';

/** What each part of a condition came to. The values compared are in the variables read beside it. */
export interface ConditionTree {
  readonly text: string;
  readonly result: boolean | 'skipped';
  /** Why no verdict was reached. */
  readonly undecided?: string;
  readonly operands?: readonly ConditionTree[];
}

export function conditionTree(result: ConditionResult): ConditionTree {
  const { kind, text, undecided } = result;
  return {
    text,
    result: kind === 'skipped' ? 'skipped' : result.holds,
    ...(undecided === undefined ? {} : { undecided }),
    ...operandsOf(result),
  };
}

function operandsOf(result: ConditionResult): { operands?: readonly ConditionTree[] } {
  switch (result.kind) {
    case 'and':
    case 'or':
      return { operands: result.operands.map(conditionTree) };
    case 'not':
      return { operands: [conditionTree(result.operand)] };
    case 'comparison':
    case 'truth':
    case 'skipped':
    case 'blank':
    case 'invalid':
      return {};
  }
}
