import { isTransactionMessage } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkMessageValidation } from './checks.ts';
import { compileMessageValidation } from './compile.ts';
import { messageValidationGrammar, type MessageValidationPolicy } from './grammar.ts';

/** MessageValidation: validates XML by a schema, SOAP by a WSDL ("SOAPMessageValidation policy"). */
export const messageValidation: PolicyType<MessageValidationPolicy> = {
  type: 'MessageValidation',
  grammar: messageValidationGrammar,
  variablePrefix: 'messagevalidation',
  support: 'XML Schema 1.0, WSDL 1.1; reasons in the words of libxml2',
  touchesPayload: ({ source }) =>
    source?.value === undefined || source.value === '' || isTransactionMessage(source.value),
  check: checkMessageValidation,
  compile: compileMessageValidation,
};
