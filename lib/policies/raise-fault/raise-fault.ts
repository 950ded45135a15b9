import { readsPayload } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkRaiseFault } from './checks.ts';
import { compileRaiseFault } from './compile.ts';
import { raiseFaultGrammar, type RaiseFaultPolicy } from './grammar.ts';

/** RaiseFault: ends the flow with an error response ("RaiseFault policy"). */
export const raiseFault: PolicyType<RaiseFaultPolicy> = {
  type: 'RaiseFault',
  grammar: raiseFaultGrammar,
  variablePrefix: 'raisefault',
  sharedFailureVariable: 'raisefault.failed',
  support: 'whole grammar',
  // What it makes is a message of its own.
  touchesPayload: (policy) => readsPayload(policy),
  check: checkRaiseFault,
  compile: compileRaiseFault,
};
