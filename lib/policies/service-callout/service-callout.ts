import { isTransactionMessage, readsPayload } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkServiceCallout } from './checks.ts';
import { compileServiceCallout } from './compile.ts';
import { serviceCalloutGrammar, type ServiceCalloutPolicy } from './grammar.ts';

/** ServiceCallout: calls a service in the middle of a flow ("ServiceCallout policy"). */
export const serviceCallout: PolicyType<ServiceCalloutPolicy> = {
  type: 'ServiceCallout',
  grammar: serviceCalloutGrammar,
  variablePrefix: 'servicecallout',
  support: "whole grammar, SAP API Management's dialect included",
  touchesPayload: (policy) =>
    readsPayload(policy) ||
    isTransactionMessage(policy.request?.variable ?? '') ||
    isTransactionMessage(policy.response?.value ?? ''),
  check: checkServiceCallout,
  compile: compileServiceCallout,
};
