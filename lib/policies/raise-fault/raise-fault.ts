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
  check: checkRaiseFault,
  compile: compileRaiseFault,
};
