import type { JavaRegex } from '../java/regex/java-regex.ts';

/** One step of a path. */
export type Step =
  /** `.a`, `['a']`, `['a','b']` */
  | { readonly kind: 'names'; readonly names: readonly string[] }
  /** `[0]`, `[-1]`, `[0,2]` */
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  /** `[1:3]`, `[1:]`, `[:3]` */
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  /** `*`, `[*]` */
  | { readonly kind: 'wildcard' }
  /** `..` */
  | { readonly kind: 'scan' }
  /** `[?(...)]` */
  | { readonly kind: 'filter'; readonly condition: Condition }
  | FunctionCall;

/** `.length()`, `.concat($.a, "b")` */
export interface FunctionCall {
  readonly kind: 'function';
  readonly name: string;
  readonly parameters: readonly Parameter[];
}

export type Parameter =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'path'; readonly path: Path };

export interface Path {
  /** `$` starts at the document, `@` at the item that a filter looks at. */
  readonly origin: '$' | '@';
  readonly steps: readonly Step[];
}

/** What stands between `[?(` and `)]`. */
export type Condition =
  | { readonly kind: 'or'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'and'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'exists'; readonly path: Path; readonly expected: boolean }
  | {
      readonly kind: 'comparison';
      readonly left: Operand;
      readonly operator: Operator;
      readonly right: Operand;
    };

export type Operand =
  | { readonly kind: 'path'; readonly path: Path; readonly negated: boolean }
  | { readonly kind: 'scalar'; readonly value: string | boolean | null }
  /** With its text, because the string `'1.50'` equals 1.50 but not 1.5. */
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'regex'; readonly regex: JavaRegex };

const operators = [
  '==',
  '===',
  '!=',
  '!==',
  '<',
  '<=',
  '>',
  '>=',
  '=~',
  'in',
  'nin',
  'contains',
  'all',
  'size',
  'exists',
  'type',
  'matches',
  'empty',
  'subsetof',
  'anyof',
  'noneof',
] as const;

export type Operator = (typeof operators)[number];

/** Words are operators in any case. */
export function operatorOf(text: string): Operator | undefined {
  const lower = text.toLowerCase();
  return operators.find((operator) => operator === lower);
}

function isDefiniteStep(step: Step, isLast: boolean): boolean {
  switch (step.kind) {
    case 'names':
      // Several names at the end merge into one object; before the end they branch.
      return step.names.length === 1 || isLast;
    case 'indexes':
      return step.indexes.length === 1;
    case 'function':
      return true;
    case 'slice':
    case 'wildcard':
    case 'scan':
    case 'filter':
      return false;
  }
}

/** How many of the leading steps name at most one value each. */
export function definitePrefix(steps: readonly Step[]): number {
  const branching = steps.findIndex((step, at) => !isDefiniteStep(step, at === steps.length - 1));
  return branching === -1 ? steps.length : branching;
}

/** `$..price.sum()`: the function at the end takes everything the scan finds at once. */
export function aggregatesScan(path: Path): boolean {
  return path.steps[0]?.kind === 'scan' && path.steps.at(-1)?.kind === 'function';
}

/** A definite path names at most one value. */
export function isDefinite(path: Path): boolean {
  return aggregatesScan(path) || definitePrefix(path.steps) === path.steps.length;
}
