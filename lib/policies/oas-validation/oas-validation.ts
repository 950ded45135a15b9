import { isTransactionMessage } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkOasValidation } from './checks.ts';
import { compileOasValidation } from './compile.ts';
import { oasValidationGrammar, type OasValidationPolicy } from './grammar.ts';

/** OASValidation: validates a message against an OpenAPI document ("OASValidation policy"). */
export const oasValidation: PolicyType<OasValidationPolicy> = {
  type: 'OASValidation',
  grammar: oasValidationGrammar,
  variablePrefix: 'oasvalidation',
  support: 'OpenAPI 3.0; bodies of JSON',
  // Whether a body is there is looked at even where it is not validated.
  touchesPayload: ({ source }) =>
    source?.value === undefined || source.value === '' || isTransactionMessage(source.value),
  check: checkOasValidation,
  compile: compileOasValidation,
};
