import { readsPayload } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkAccessControl } from './checks.ts';
import { compileAccessControl } from './compile.ts';
import { accessControlGrammar, type AccessControlPolicy } from './grammar.ts';

/** AccessControl: allows and denies addresses ("AccessControl policy"). */
export const accessControl: PolicyType<AccessControlPolicy> = {
  type: 'AccessControl',
  grammar: accessControlGrammar,
  variablePrefix: 'acl',
  sharedFailureVariable: 'acl.failed',
  support: 'whole grammar of Apigee X; True-Client-IP is never read',
  touchesPayload: (policy) => readsPayload(policy),
  check: checkAccessControl,
  compile: compileAccessControl,
};
