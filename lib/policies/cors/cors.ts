import { readsPayload } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkCors } from './checks.ts';
import { compileCors } from './compile.ts';
import { corsGrammar, type CorsPolicy } from './grammar.ts';

/** CORS: lets scripts of other origins use an API ("CORS policy"). */
export const cors: PolicyType<CorsPolicy> = {
  type: 'CORS',
  grammar: corsGrammar,
  variablePrefix: 'cors',
  support: 'whole grammar',
  touchesPayload: (policy) => readsPayload(policy),
  check: checkCors,
  compile: compileCors,
};
