import { mask } from '../../../trace/masking.ts';
import { recordedText, recordedValue } from '../../../trace/recorded-text.ts';
import type { Explanation } from '../explanation.ts';
import type { RecordedError, RecordedExecution } from '../session/recorded-transaction.ts';
import { differByBasePath, type ComparisonContext } from './context.ts';
import type { Findings } from './finding.ts';
import { isBookkeeping, isOfFault, variableExplanation } from './names.ts';

/** Compares what a step came to, its condition, and the variables that it set. */
export function compareStep(
  where: string,
  recorded: RecordedExecution,
  replayed: RecordedExecution,
  context: ComparisonContext,
  findings: Findings,
): void {
  const standIn = context.standIns.get(recorded.name ?? '');
  if (standIn === 'step of the session') return;
  if (recorded.outcome === replayed.outcome) findings.agree('steps');
  else {
    findings.add({
      where,
      what: 'step',
      recorded: shownOutcome(recorded),
      replayed: shownOutcome(replayed),
      explanation: undefined,
    });
  }
  compareConditions(where, recorded.condition, replayed.condition, findings);
  compareErrors(where, recorded.error, replayed.error, findings);
  // A stand-in's variables are the recording's, and a step that was skipped shows what others set before it.
  if (standIn !== undefined) return;
  if (recorded.outcome !== 'skipped' && replayed.outcome !== 'skipped') {
    compareVariables(where, recorded, replayed, context, findings);
  }
}

export function shownOutcome({ outcome, error }: RecordedExecution): string {
  return error === undefined ? outcome : `${outcome}: ${recordedText(error.text)}`;
}

interface Condition {
  readonly expression: string;
  readonly holds: boolean;
}

/** Of one step, flow or rule; undefined where there is none, which is as one that holds. */
export function compareConditions(
  where: string,
  recorded: Condition | undefined,
  replayed: Condition | undefined,
  findings: Findings,
): void {
  if (recorded === undefined && replayed === undefined) return;
  const told = recorded === undefined ? undefined : recordedText(recorded.expression);
  const cameToTheSame = (recorded?.holds ?? true) === (replayed?.holds ?? true);
  if (cameToTheSame && told === replayed?.expression) {
    findings.agree('conditions');
    return;
  }
  findings.add({
    where,
    what: 'condition',
    recorded: shown(recorded),
    replayed: shown(replayed),
    explanation: cameToTheSame ? 'condition text' : undefined,
  });
}

function shown(condition: Condition | undefined): string | undefined {
  return condition === undefined
    ? undefined
    : `${String(condition.holds)}: ${condition.expression}`;
}

export function compareErrors(
  where: string,
  recorded: RecordedError | undefined,
  replayed: RecordedError | undefined,
  findings: Findings,
): void {
  if (recorded === undefined) return;
  for (const part of ['text', 'name', 'code'] as const) {
    const told = recordedText(recorded[part]);
    // Sessions of Apigee tell less of a fault than those of this program.
    if (told === '' || told === replayed?.[part]) continue;
    findings.add({
      where,
      what: `fault ${part}`,
      recorded: told,
      replayed: replayed?.[part],
      explanation: undefined,
    });
  }
}

function compareVariables(
  where: string,
  recorded: RecordedExecution,
  replayed: RecordedExecution,
  context: ComparisonContext,
  findings: Findings,
): void {
  const told = writtenBy(recorded);
  const found = writtenBy(replayed);
  const endedAlike = recorded.outcome === replayed.outcome;
  for (const name of new Set([...told.keys(), ...found.keys()])) {
    const [one, other] = [told.get(name), found.get(name)];
    if (one === other) {
      findings.agree('variables');
      continue;
    }
    // Told by the step's outcome already.
    if (!endedAlike && isOfFault(name)) continue;
    // Apigee's sessions do not show what the engine notes of every policy.
    if (one === undefined && isBookkeeping(name)) continue;
    findings.add({
      where,
      what: `variable ${name}`,
      recorded: one,
      replayed: other,
      explanation: valueExplanation(name, one, other, context),
    });
  }
}

export function valueExplanation(
  name: string,
  recorded: string | undefined,
  replayed: string | undefined,
  context: ComparisonContext,
): Explanation | undefined {
  if (recorded?.includes(mask) === true || replayed?.includes(mask) === true) return 'masked';
  const byName = variableExplanation(name, context.environment);
  if (byName !== undefined || recorded === undefined || replayed === undefined) return byName;
  return differByBasePath(recorded, replayed, context) ? 'base path' : undefined;
}

/** The last value that a step gave each variable, as a replay would record it. */
function writtenBy({ accesses }: RecordedExecution): ReadonlyMap<string, string> {
  const written = new Map<string, string>();
  for (const access of accesses) {
    const name = recordedText(access.name, 1_024);
    if (access.kind === 'remove') written.set(name, 'removed');
    if (access.kind === 'set') {
      const value = recordedValue(access.name, access.value) ?? '';
      written.set(name, access.succeeded ? value : `not written: ${value}`);
    }
  }
  return written;
}
