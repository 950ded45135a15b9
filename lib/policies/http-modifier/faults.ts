import { Fault } from '../../fault/fault.ts';

/** The faults of HTTPModifier ("HTTPModifier policy", "HTTPModifier runtime error troubleshooting"). */

export function unresolvedVariable(policy: string, variable: string): Fault {
  return new Fault({
    code: 'steps.httpmodifier.UnresolvedVariable',
    faultstring: `HTTPModifier[${policy}]: unable to resolve variable ${variable}`,
    hint: `Set ${variable}, give it a default, or set IgnoreUnresolvedVariables to true.`,
  });
}

export function notMessage(policy: string, variable: string): Fault {
  return new Fault({
    code: 'steps.httpmodifier.VariableOfNonMsgType',
    faultstring: `HTTPModifier[${policy}]: value of variable ${variable} is not of type Message`,
  });
}
