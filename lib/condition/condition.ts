import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import type { Flow } from '../variables/flow.ts';
import { compileExpression, type Test } from './compile.ts';
import { explainer, type ConditionResult, type Explain } from './explain.ts';
import type { Finding } from './finding.ts';
import { parseCondition } from './parse.ts';
import { placeOf } from '../diagnostic/place.ts';
import type { Expression } from './syntax.ts';
import { isUndecided, undecidedCondition } from './undecided.ts';

export type { ConditionResult } from './explain.ts';
export type { Expression } from './syntax.ts';

/** A condition, compiled; it keeps no state of a flow and is shared by all ("Conditions reference"). */
export interface Condition {
  readonly source: string;
  /** Where its first character stands in its file. */
  readonly location: Location;
  /** Undefined for a blank condition, which always holds, and for an invalid one, which never does. */
  readonly expression: Expression | undefined;
  /**
   * A regular expression that outruns the host's `regexSteps`, and a variable that is to be a regular
   * expression and is none, leave the whole condition undecided; the host's log is told which and why.
   *
   * @throws {Fault} ConditionUndecided
   */
  holds(flow: Flow): boolean;
  /** As `holds`, with what every part came to; logs nothing, and throws nothing. */
  explain(flow: Flow): ConditionResult;
}

export interface ConditionOptions {
  /** Where the condition's first character stands in its file, for diagnostics. */
  readonly location: Location;
  readonly report: Report;
}

/** Compiles any text; one that is no condition is reported as an error, and then never holds. */
export function compileCondition(source: string, options: ConditionOptions): Condition {
  const { location, report } = options;
  const errors: Finding[] = [];
  const note = (finding: Finding): void => {
    const { severity, code, message, hint, offset } = finding;
    if (severity === 'error') errors.push(finding);
    report(diagnosticAt(placeOf(location, source, offset), severity, code, message, hint));
  };
  const { expression, findings } = parseCondition(source);
  for (const finding of findings) note(finding);
  const test = expression === undefined ? undefined : compileExpression(expression, note);

  if (errors.length > 0)
    return constant(source, location, { kind: 'invalid', text: source, holds: false });
  if (expression === undefined || test === undefined) {
    return constant(source, location, { kind: 'blank', text: '', holds: true });
  }
  let explain: Explain | undefined;
  return {
    source,
    location,
    expression,
    holds: canBeUndecided(expression) ? guarded(test, source, location) : test,
    explain: (flow) => (explain ??= explainer(expression))(flow),
  };
}

function constant(source: string, location: Location, result: ConditionResult): Condition {
  const { holds } = result;
  return { source, location, expression: undefined, holds: () => holds, explain: () => result };
}

function canBeUndecided(expression: Expression): boolean {
  switch (expression.kind) {
    case 'comparison':
      return expression.operator === 'JavaRegex' || expression.operator === 'NotJavaRegex';
    case 'truth':
      return false;
    case 'not':
      return canBeUndecided(expression.operand);
    case 'and':
    case 'or':
      return expression.operands.some(canBeUndecided);
  }
}

function guarded(test: Test, condition: string, location: Location): Test {
  const { file, line, column } = location;
  return (flow) => {
    try {
      return test(flow);
    } catch (error) {
      if (!isUndecided(error)) throw error;
      flow.host.log.warn(
        { file, line, column, condition, reason: error.message },
        'A condition could not be decided',
      );
      throw undecidedCondition(error, location);
    }
  };
}
