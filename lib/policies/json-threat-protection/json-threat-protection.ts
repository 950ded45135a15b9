import { isTransactionMessage } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { compileJsonThreatProtection } from './compile.ts';
import { jsonThreatProtectionGrammar, type JsonThreatProtectionPolicy } from './grammar.ts';

/** JSONThreatProtection: bounds on JSON ("JSONThreatProtection policy"). */
export const jsonThreatProtection: PolicyType<JsonThreatProtectionPolicy> = {
  type: 'JSONThreatProtection',
  grammar: jsonThreatProtectionGrammar,
  variablePrefix: 'jsonattack',
  sharedFailureVariable: 'jsonattack.failed',
  support: 'whole grammar',
  touchesPayload: ({ source }) => isTransactionMessage((source?.value ?? '') || 'request'),
  check() {
    // Every policy of this type deploys; values that are no numbers were reported when they were read.
  },
  compile: compileJsonThreatProtection,
};
