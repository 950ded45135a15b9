import { isTransactionMessage, readsPayload } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkGraphQl } from './checks.ts';
import { compileGraphQl } from './compile.ts';
import { graphqlGrammar, type GraphQlPolicy } from './grammar.ts';

/** GraphQL: requests in the GraphQL language ("GraphQL policy"). */
export const graphql: PolicyType<GraphQlPolicy> = {
  type: 'GraphQL',
  grammar: graphqlGrammar,
  variablePrefix: 'graphql',
  support: 'whole grammar; codes and texts of its faults are not documented',
  touchesPayload({ source }) {
    const name = (source?.value ?? '') || 'request';
    return isTransactionMessage(name) || readsPayload(name, 'ref');
  },
  check: checkGraphQl,
  compile: compileGraphQl,
};
