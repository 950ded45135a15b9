import { recordedText } from '../../../trace/recorded-text.ts';
import type { Explanation } from '../explanation.ts';
import type { RecordedTransaction } from '../session/recorded-transaction.ts';
import { align, type Aligned } from './align.ts';
import { compareMessage } from './compare-message.ts';
import {
  compareConditions,
  compareErrors,
  compareStep,
  shownOutcome,
  valueExplanation,
} from './compare-step.ts';
import type { ComparisonContext } from './context.ts';
import { Findings } from './finding.ts';
import { variableExplanation } from './names.ts';
import { timelineOf, type Event } from './timeline.ts';

/** Compares two accounts of one transaction, point by point. */
export function compareTransactions(
  recorded: RecordedTransaction,
  replayed: RecordedTransaction,
  context: ComparisonContext,
): Findings {
  const findings = new Findings();
  let gap: Aligned<Event>[] = [];
  for (const pair of align(timelineOf(recorded), timelineOf(replayed))) {
    if (pair.recorded === undefined || pair.replayed === undefined) {
      gap.push(pair);
      continue;
    }
    compareGap(gap, context, findings);
    gap = [];
    compareEvents(pair.recorded, pair.replayed, context, findings);
  }
  if (recorded.extent === 'cut off' && gap.every((pair) => pair.recorded === undefined)) {
    explainEnd(gap, findings);
  } else compareGap(gap, context, findings);
  return findings;
}

/** What came after the last thing that was recorded. */
function explainEnd(gap: readonly Aligned<Event>[], findings: Findings): void {
  for (const { replayed } of gap) {
    if (replayed === undefined) continue;
    const { what, text } = shownEvent(replayed);
    findings.add({
      where: replayed.where,
      what,
      recorded: undefined,
      replayed: text,
      explanation: 'cut off',
    });
  }
}

function compareEvents(
  recorded: Event,
  replayed: Event,
  context: ComparisonContext,
  findings: Findings,
): void {
  const { where } = recorded;
  switch (recorded.kind) {
    case 'state': {
      findings.agree('states');
      const isLast = recorded.state === 'END';
      const found = replayed.kind === 'state' ? replayed.message : undefined;
      const place = isLast ? `${where}, final response` : where;
      compareMessage(place, recorded.message, found, context, findings);
      break;
    }
    case 'flow':
      findings.agree('flows');
      break;
    case 'variable': {
      const { name, value } = recorded;
      const told = recordedText(value);
      const found = replayed.kind === 'variable' ? replayed.value : undefined;
      if (told === found) findings.agree('variables');
      else {
        const explanation = valueExplanation(name, told, found, context);
        findings.add({
          where,
          what: `variable ${name}`,
          recorded: told,
          replayed: found,
          explanation,
        });
      }
      break;
    }
    case 'condition':
      compareConditions(
        where,
        recorded,
        replayed.kind === 'condition' ? replayed : undefined,
        findings,
      );
      break;
    case 'step':
      if (replayed.kind !== 'step') break;
      compareStep(
        `${where}, step ${recorded.step}`,
        recorded.execution,
        replayed.execution,
        context,
        findings,
      );
      break;
    case 'engine':
      findings.agree('steps');
      break;
    case 'error':
      if (replayed.kind !== 'error') break;
      compareErrors(where, recorded.error, replayed.error, findings);
      compareMessage(where, recorded.message, replayed.message, context, findings);
      break;
  }
}

type Condition = Extract<Event, { kind: 'condition' }>;

/** What one account alone has, between two things that both have. */
function compareGap(
  gap: readonly Aligned<Event>[],
  context: ComparisonContext,
  findings: Findings,
): void {
  const told: Condition[] = [];
  const found: Condition[] = [];
  for (const { recorded, replayed } of gap) {
    const event = recorded ?? replayed;
    if (event === undefined) continue;
    if (event.kind === 'condition' && !isOfPlatform(event)) {
      (recorded === undefined ? found : told).push(event);
      continue;
    }
    const shown = shownEvent(event);
    findings.add({
      where: event.where,
      what: shown.what,
      recorded: recorded === undefined ? undefined : shown.text,
      replayed: replayed === undefined ? undefined : shown.text,
      explanation: loneExplanation(event, recorded === undefined ? 'replay' : 'recording', context),
    });
  }
  // What stands in the same place is the same condition in other words.
  for (let at = 0; at < Math.max(told.length, found.length); at++) {
    const [one, other] = [told[at], found[at]];
    if (one === undefined && other?.holds === false) {
      findings.add({
        where: other.where,
        what: 'condition',
        recorded: undefined,
        replayed: `false: ${other.expression}`,
        explanation: 'condition only in the bundle',
      });
    } else if (one === undefined || other === undefined) {
      const lone = one ?? other;
      const text = `${String(lone?.holds)}: ${lone?.expression ?? ''}`;
      findings.add({
        where: lone?.where ?? '',
        what: 'condition',
        recorded: one === undefined ? undefined : text,
        replayed: other === undefined ? undefined : text,
        explanation: undefined,
      });
    } else compareConditions(one.where, one, other, findings);
  }
}

/** The condition by which Apigee finds the endpoint; no bundle has it. */
function isOfPlatform({ expression }: Condition): boolean {
  return /^\("[^"]*" equals (?:proxy|target)\.name\)$/.test(expression);
}

function shownEvent(event: Event): { readonly what: string; readonly text: string } {
  switch (event.kind) {
    case 'state':
      return { what: `state ${event.state}`, text: 'entered' };
    case 'flow':
      return { what: `flow ${event.name}`, text: 'entered' };
    case 'variable':
      return { what: `variable ${event.name}`, text: recordedText(event.value) };
    case 'condition':
      return {
        what: 'condition by which Apigee finds the endpoint',
        text: `${String(event.holds)}: ${event.expression}`,
      };
    case 'step':
      return { what: `step ${event.step}`, text: shownOutcome(event.execution) };
    case 'engine':
      return { what: event.type, text: 'ran' };
    case 'error':
      return { what: 'fault', text: recordedText(event.error.text) };
  }
}

/** What Apigee does after the response whether or not a bundle has a flow for it. */
const afterResponse: ReadonlySet<string> = new Set(['state PROXY_POST_RESP_SENT', 'state END']);

function loneExplanation(
  event: Event,
  side: 'recording' | 'replay',
  { environment }: ComparisonContext,
): Explanation | undefined {
  switch (event.kind) {
    case 'state':
      return afterResponse.has(event.key) ? 'platform' : undefined;
    case 'flow':
      return event.name === 'PostClientFlow' ? 'platform' : undefined;
    case 'variable':
      return variableExplanation(event.name, environment) ?? 'platform';
    case 'condition':
      return 'platform';
    case 'engine':
      return side === 'recording' && event.type !== 'EchoRequestExecution' ? 'platform' : undefined;
    case 'step':
    case 'error':
      return undefined;
  }
}
