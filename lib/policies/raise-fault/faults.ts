import { Fault, type FaultInit } from '../../fault/fault.ts';
import type { RaiseFaultPolicy } from './grammar.ts';

/** The fault that a policy raises; its status is that of the response it prepares ("RaiseFault policy"). */
export function raisedFault({ name, shortFaultReason }: RaiseFaultPolicy): FaultInit {
  return {
    code: 'steps.raisefault.RaiseFault',
    faultstring: shortFaultReason?.value === true ? name : `Raising fault. Fault name : ${name}`,
  };
}

/** By analogy with AssignMessage; no page names a fault of this policy's Copy. */
export function sourceNotMessage(policy: string, variable: string): Fault {
  return new Fault({
    code: 'steps.raisefault.VariableOfNonMsgType',
    faultstring: `RaiseFault[${policy}]: value of variable ${variable} is not of type Message`,
  });
}
