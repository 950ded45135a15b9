import { Fault } from '../../fault/fault.ts';

/** The fault of CORS ("CORS policy"). */
export function unresolvedVariable(policy: string, variable: string): Fault {
  return new Fault({
    code: 'steps.cors.UnresolvedVariable',
    faultstring: `CORS[${policy}]: unable to resolve variable ${variable}`,
    hint: `Set ${variable}, give it a default, or leave IgnoreUnresolvedVariables at true.`,
  });
}
