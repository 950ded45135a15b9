import { Fault } from '../../fault/fault.ts';

/** The fault for shared flows that call each other without end. Apigee documents none. */
export function sharedFlowsTooDeep(name: string, limit: number): Fault {
  return new Fault({
    code: 'flow.SharedFlowsTooDeep',
    faultstring: `Shared Flow ${name} is more than ${limit} calls deep`,
    hint: 'Look for a shared flow that calls itself, directly or through another one.',
  });
}

/** The fault for a shared flow that is not deployed ("FlowCallout policy"). */
export function sharedFlowNotFound(name: string): Fault {
  return new Fault({
    code: 'flow.SharedFlowNotFound',
    faultstring: `Shared Flow ${name} Not Found`,
    hint: `Deploy the shared flow ${name} to the same environment.`,
  });
}
