import { Fault } from '../../fault/fault.ts';

/** The one fault that the policy's page names ("MessageLogging policy", runtime errors). */
export function executionFailed(policy: string, cause: Error): Fault {
  return new Fault({
    code: 'steps.messagelogging.StepDefinitionExecutionFailed',
    faultstring: `Execution of MessageLogging ${policy} failed. Reason: ${cause.message}`,
    cause,
  });
}
