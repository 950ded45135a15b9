import { Fault } from '../../fault/fault.ts';

/** The fault for a shared flow that is not deployed ("FlowCallout policy"). */
export function sharedFlowNotFound(name: string): Fault {
  return new Fault({
    code: 'flow.SharedFlowNotFound',
    faultstring: `Shared Flow ${name} Not Found`,
    hint: `Deploy the shared flow ${name} to the same environment.`,
  });
}
