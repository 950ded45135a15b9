import { Fault } from '../../fault/fault.ts';

/** The faults of Javascript ("JavaScript policy runtime error troubleshooting"). */

/** `error` is as Rhino tells it, place included. */
export function scriptFailed(policy: string, error: string): Fault {
  return new Fault({
    code: 'steps.javascript.ScriptExecutionFailed',
    faultstring: `Execution of ${policy} failed with error: Javascript runtime error: "${error}"`,
  });
}

/** Its text was recalled, not captured. */
export function timeLimitExceeded(policy: string, milliseconds: number): Fault {
  return new Fault({
    code: 'steps.javascript.ScriptExecutionFailed',
    faultstring: `Execution of ${policy} failed with error: Javascript runtime exceeded limit of ${milliseconds}ms`,
    hint: 'Raise timeLimit, or the limit scriptMilliseconds of the runtime, or do less in the script.',
  });
}

/** Its text was never captured in public. */
export function scriptNotAllowed(policy: string, error: string): Fault {
  return new Fault({
    code: 'steps.javascript.ScriptSecurityError',
    faultstring: `Execution of ${policy} failed with error: Javascript runtime error: "${error}"`,
    hint: 'Scripts cannot use Java; write it in JavaScript, or use a Java callout.',
  });
}
