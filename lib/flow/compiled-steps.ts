import type { StepNode } from '../bundle/bundle.ts';
import { compileCondition, type Condition } from '../condition/condition.ts';
import type { Report } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import { Fault } from '../fault/fault.ts';
import { mentionsPayload } from '../policies/payload-use.ts';
import type { Step } from '../trace/recorder.ts';
import { askCondition } from './asked-condition.ts';
import { withPayload } from './body-streams.ts';
import type { DeployedPolicies, DeployedPolicy } from './deployed-policies.ts';
import type { ProxyTransaction } from './proxy-transaction.ts';
import { checkTime } from './api-timeout.ts';
import { sequence, type Part } from './sequence.ts';

export type TransactionPart = Part<ProxyTransaction>;

/** Compiles a list of steps: each runs its policy if its condition holds. */
export function compileSteps(
  nodes: readonly StepNode[],
  policies: DeployedPolicies,
  report: Report,
): TransactionPart {
  return sequence(nodes.map((node) => compileStep(node, policies, report)));
}

function compileStep(node: StepNode, policies: DeployedPolicies, report: Report): TransactionPart {
  const name = node.name?.value ?? '';
  const policy = policies.get(name);
  const condition = compileOptionalCondition(node.condition, report);
  const { type = '', continueOnError = false } = policy ?? {};
  const step: Step = { name, type, continueOnError, location: node.location };
  const run = timed(policy === undefined ? missingPolicy(name) : policyStep(policy, step));
  if (condition === undefined)
    return (transaction) => (passedBy(transaction, name) ? undefined : run(transaction));
  const conditional: TransactionPart = (transaction) => {
    if (passedBy(transaction, name)) return;
    let holds = false;
    try {
      holds = askCondition(condition, transaction, 'step', name);
    } finally {
      if (!holds) transaction.recorder?.skippedStep(transaction, step, 'condition');
    }
    if (holds) return run(transaction);
  };
  return mentionsPayload(condition.source) ? withPayload(conditional) : conditional;
}

/** A response from a cache goes on behind the steps that made it. */
function passedBy({ asked }: ProxyTransaction, policy: string): boolean {
  return asked?.passesBy(policy) === true;
}

/**
 * After each policy: whether it answered the request itself, and `api.timeout` ("Endpoint properties
 * reference").
 */
function timed(run: TransactionPart): TransactionPart {
  return (transaction): void | Promise<void> => {
    const pending = run(transaction);
    if (pending !== undefined)
      return pending.then(() => {
        goOn(transaction);
      });
    goOn(transaction);
    return undefined;
  };
}

function goOn(transaction: ProxyTransaction): void {
  transaction.asked?.turn();
  if (transaction.deadline !== undefined) checkTime(transaction);
}

/** The condition of an element that may have one; an empty one counts as none. */
export function compileOptionalCondition(
  node: { readonly value: string | undefined; readonly textLocation: Location } | undefined,
  report: Report,
): Condition | undefined {
  if (node === undefined || (node.value ?? '') === '') return undefined;
  return compileCondition(node.value ?? '', { location: node.textLocation, report });
}

function policyStep(policy: DeployedPolicy, step: Step): TransactionPart {
  const part: TransactionPart = (transaction) => {
    const { recorder } = transaction;
    if (recorder === undefined) return policy.run(transaction);
    if (policy.skipped !== undefined) {
      recorder.skippedStep(transaction, step, policy.skipped);
      return;
    }
    const running = recorder.startedStep(transaction, step);
    const failed = (error: unknown): never => {
      running.ended(error instanceof Fault ? error : undefined);
      throw error;
    };
    let pending: void | Promise<void>;
    try {
      pending = policy.run(transaction);
    } catch (error) {
      return failed(error);
    }
    if (pending === undefined) {
      running.ended(undefined);
      return;
    }
    running.waits();
    return pending.then(() => {
      running.ended(undefined);
    }, failed);
  };
  return policy.touchesPayload ? withPayload(part) : part;
}

/** A deployment without the policy is refused, unless somebody deploys in spite of its errors. */
function missingPolicy(name: string): TransactionPart {
  return () => {
    throw new Fault({
      code: 'steps.StepDefinitionNotFound',
      faultstring: `Step definition ${name} not found`,
    });
  };
}
