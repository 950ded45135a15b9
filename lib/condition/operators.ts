import type { NegatedOperator, Operator } from './syntax.ts';

/** Operators by their words, in lower case: words are matched whatever their case. */
export const operatorWords: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['equals', 'Equals'],
  ['is', 'Equals'],
  ['notequals', 'NotEquals'],
  ['isnot', 'NotEquals'],
  ['equalscaseinsensitive', 'EqualsCaseInsensitive'],
  ['greaterthan', 'GreaterThan'],
  ['greaterthanorequals', 'GreaterThanOrEquals'],
  ['lesserthan', 'LesserThan'],
  ['lesserthanorequals', 'LesserThanOrEquals'],
  ['startswith', 'StartsWith'],
  ['matches', 'Matches'],
  ['like', 'Matches'],
  ['javaregex', 'JavaRegex'],
  ['matchespath', 'MatchesPath'],
  ['likepath', 'MatchesPath'],
]);

export const operatorSymbols: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['=', 'Equals'],
  ['==', 'Equals'],
  ['!=', 'NotEquals'],
  [':=', 'EqualsCaseInsensitive'],
  ['>', 'GreaterThan'],
  ['>=', 'GreaterThanOrEquals'],
  ['<', 'LesserThan'],
  ['<=', 'LesserThanOrEquals'],
  ['=|', 'StartsWith'],
  ['!=|', 'NotStartsWith'],
  ['~', 'Matches'],
  ['!~', 'NotMatches'],
  [':~', 'MatchesCaseInsensitive'],
  ['~~', 'JavaRegex'],
  ['!~~', 'NotJavaRegex'],
  ['~/', 'MatchesPath'],
  ['!~/', 'NotMatchesPath'],
]);

/** The operators that `not` or `!` may stand in front of: `a not Matches "x"`. */
export const negations: ReadonlyMap<Operator, NegatedOperator> = new Map<Operator, NegatedOperator>(
  [
    ['Matches', 'NotMatches'],
    ['JavaRegex', 'NotJavaRegex'],
    ['MatchesPath', 'NotMatchesPath'],
    ['StartsWith', 'NotStartsWith'],
  ],
);

const connectives: readonly string[] = ['and', 'or', 'not', 'null', 'true', 'false'];

/** Whether a bare word means something else than a variable of that name. */
export function isReserved(word: string): boolean {
  const lower = word.toLowerCase();
  return operatorWords.has(lower) || connectives.includes(lower);
}

interface NullRow {
  readonly left: boolean;
  readonly right: boolean;
  readonly both: boolean;
}

/** What a comparison gives when a side is null ("Conditions reference", null operands). */
export const nullTable: Readonly<Record<Operator, NullRow>> = {
  Equals: { left: false, right: false, both: true },
  EqualsCaseInsensitive: { left: false, right: false, both: true },
  StartsWith: { left: false, right: false, both: false },
  NotEquals: { left: true, right: true, both: false },
  GreaterThan: { left: true, right: false, both: false },
  GreaterThanOrEquals: { left: false, right: true, both: true },
  LesserThan: { left: true, right: false, both: false },
  LesserThanOrEquals: { left: true, right: false, both: true },
  Matches: { left: false, right: false, both: false },
  MatchesCaseInsensitive: { left: false, right: false, both: false },
  JavaRegex: { left: false, right: false, both: false },
  MatchesPath: { left: false, right: false, both: false },
  // The page has a row for `!~` only; the other negated forms follow it.
  NotMatches: { left: true, right: false, both: false },
  NotJavaRegex: { left: true, right: false, both: false },
  NotMatchesPath: { left: true, right: false, both: false },
  NotStartsWith: { left: true, right: false, both: false },
};
