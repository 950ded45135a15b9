import { Fault } from '../fault/fault.ts';
import {
  enterErrorState,
  leaveErrorState,
  setFaultVariables,
} from '../variables/fault-variables.ts';
import type { Flow } from '../variables/flow.ts';
import { variableReference, type FlowPhase } from '../variables/flow-variables.ts';
import type { PolicyCore, PolicyType, Program } from './policy-type.ts';

/** A policy ready to run, any number of times and for any number of transactions at once. */
export interface CompiledPolicy {
  readonly type: string;
  readonly name: string;
  readonly continueOnError: boolean;
  /** Puts in place what the policy brings with it; undefined if that is nothing. Whoever compiles calls it. */
  readonly start?: () => void;
  /**
   * Runs the policy on a transaction. Returns nothing when it did not have to wait, else a promise.
   * @throws {Fault} when it fails and continueOnError is false; the error variables are set by then
   */
  run(flow: Flow): void | Promise<void>;
}

/** Faults that a transaction's variables show already. */
const told = new WeakSet<Fault>();

type VariableNames = Pick<PolicyType<PolicyCore>, 'variablePrefix' | 'sharedFailureVariable'>;

/**
 * Wraps a policy's program in what all policies share: `enabled`, `continueOnError`, the variables
 * `PREFIX.NAME.failed`, `fault.*` and `error.*`, and the time taken, in nanoseconds.
 */
export function compiledPolicy(
  policy: PolicyCore,
  { variablePrefix, sharedFailureVariable }: VariableNames,
  program: Program,
): CompiledPolicy {
  const { type, name, continueOnError, enabled } = policy;
  const failed = variableReference(`${variablePrefix}.${name}.failed`);
  const timeTaken = variableReference(`apigee.metrics.policy.${name}.timeTaken`);

  const finish = (flow: Flow, started: number, outcome: 'succeeded' | 'failed'): void => {
    failed.write(flow.variables, outcome === 'failed');
    timeTaken.write(flow.variables, Math.max(1, flow.host.clock.nanoseconds() - started));
  };
  const fail = (flow: Flow, started: number, phase: FlowPhase, error: unknown): void => {
    // Anything but a fault is a mistake in this program and surfaces with its stack.
    if (!(error instanceof Fault)) throw error;
    finish(flow, started, 'failed');
    if (sharedFailureVariable !== undefined) flow.variables.set(sharedFailureVariable, true);
    // A fault from inside a shared flow comes by twice: its own policy has told the variables by then.
    if (told.has(error)) {
      if (!continueOnError) throw error;
      if (phase !== 'error') leaveErrorState(flow.variables, phase);
      return;
    }
    setFaultVariables(flow.variables, error, type);
    if (continueOnError) return;
    enterErrorState(flow.variables, error);
    told.add(error);
    throw error;
  };
  const run = (flow: Flow): void | Promise<void> => {
    const started = flow.host.clock.nanoseconds();
    const { phase } = flow.variables;
    let pending: void | Promise<void>;
    try {
      pending = program(flow);
    } catch (error) {
      fail(flow, started, phase, error);
      return;
    }
    if (pending === undefined) {
      finish(flow, started, 'succeeded');
      return;
    }
    return pending.then(
      () => {
        finish(flow, started, 'succeeded');
      },
      (error: unknown) => {
        fail(flow, started, phase, error);
      },
    );
  };
  return { type, name, continueOnError, run: enabled ? run : () => undefined };
}
