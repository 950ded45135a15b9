import { readsPayload } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkQuota } from './checks.ts';
import { compileQuota } from './compile.ts';
import { quotaGrammar, type QuotaPolicy } from './grammar.ts';

/** Quota: limits how much clients may use in an interval of time ("Quota policy"). */
export const quota: PolicyType<QuotaPolicy> = {
  type: 'Quota',
  grammar: quotaGrammar,
  variablePrefix: 'ratelimit',
  support: 'whole grammar; what is distributed is counted at once',
  touchesPayload: readsPayload,
  check: checkQuota,
  compile: compileQuota,
};
