import { readsPayload } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkResetQuota } from './checks.ts';
import { compileResetQuota } from './compile.ts';
import { resetQuotaGrammar, type ResetQuotaPolicy } from './grammar.ts';

/** ResetQuota: gives back what a Quota policy counted ("ResetQuota policy"). */
export const resetQuota: PolicyType<ResetQuotaPolicy> = {
  type: 'ResetQuota',
  grammar: resetQuotaGrammar,
  variablePrefix: 'resetquota',
  support: 'whole grammar; Quota policies of the same bundle',
  touchesPayload: readsPayload,
  check: checkResetQuota,
  compile: compileResetQuota,
};
