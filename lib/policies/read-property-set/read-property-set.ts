import { readsPayload } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkReadPropertySet } from './checks.ts';
import { compileReadPropertySet } from './compile.ts';
import { readPropertySetGrammar, type ReadPropertySetPolicy } from './grammar.ts';

/** ReadPropertySet: variables from property sets ("ReadPropertySet policy"). */
export const readPropertySet: PolicyType<ReadPropertySetPolicy> = {
  type: 'ReadPropertySet',
  grammar: readPropertySetGrammar,
  variablePrefix: 'readpropertyset',
  support: 'whole grammar',
  touchesPayload: (policy) =>
    readsPayload(policy) ||
    policy.read.some(({ assignTo }) => readsPayload(assignTo?.value, 'ref')),
  check: checkReadPropertySet,
  compile: compileReadPropertySet,
};
