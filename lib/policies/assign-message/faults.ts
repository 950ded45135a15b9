import { Fault } from '../../fault/fault.ts';

/** The faults of AssignMessage ("AssignMessage policy", "Assign Message runtime error troubleshooting"). */

export function unresolvedVariable(policy: string, variable: string): Fault {
  return new Fault({
    code: 'steps.assignmessage.UnresolvedVariable',
    faultstring: `AssignMessage[${policy}]: unable to resolve variable ${variable}`,
    hint: `Set ${variable}, give it a default, or set IgnoreUnresolvedVariables to true.`,
  });
}

export function notMessage(policy: string, variable: string): Fault {
  return new Fault({
    code: 'steps.assignmessage.VariableOfNonMsgType',
    faultstring: `AssignMessage[${policy}]: value of variable ${variable} is not of type Message`,
  });
}

export function setVariableFailed(policy: string, variable: string): Fault {
  return new Fault({
    code: 'steps.assignmessage.SetVariableFailed',
    faultstring: `AssignMessage[${policy}]: unable to set variable ${variable}`,
    hint: `${variable} may only be read; choose another name.`,
  });
}
