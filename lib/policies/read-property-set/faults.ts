import { Fault } from '../../fault/fault.ts';

/** The fault of ReadPropertySet; no page gives its code or text ("ReadPropertySet policy"). */
export function unresolvedVariable(policy: string, variable: string): Fault {
  return new Fault({
    code: 'steps.readpropertyset.UnresolvedVariable',
    faultstring: `ReadPropertySet[${policy}]: unable to resolve variable ${variable}`,
    hint: 'Add the key to the property set, give a DefaultValue, or set IgnoreUnresolvedVariables to true.',
  });
}
