import { readsPayload } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkBasicAuthentication } from './checks.ts';
import { compileBasicAuthentication } from './compile.ts';
import { basicAuthenticationGrammar, type BasicAuthenticationPolicy } from './grammar.ts';

/** BasicAuthentication: the Authorization header made and read ("BasicAuthentication policy"). */
export const basicAuthentication: PolicyType<BasicAuthenticationPolicy> = {
  type: 'BasicAuthentication',
  grammar: basicAuthenticationGrammar,
  variablePrefix: 'BasicAuthentication',
  support: 'whole grammar',
  touchesPayload: ({ user, password, source, assignTo }) =>
    [user?.ref, password?.ref, source?.value, assignTo?.value].some((name) =>
      readsPayload(name, 'ref'),
    ),
  check: checkBasicAuthentication,
  compile: compileBasicAuthentication,
};
