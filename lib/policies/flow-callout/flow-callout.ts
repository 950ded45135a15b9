import type { PolicyType } from '../policy-type.ts';
import { checkFlowCallout } from './checks.ts';
import { compileFlowCallout } from './compile.ts';
import { flowCalloutGrammar, type FlowCalloutPolicy } from './grammar.ts';

/** FlowCallout: runs a shared flow ("FlowCallout policy"). */
export const flowCallout: PolicyType<FlowCalloutPolicy> = {
  type: 'FlowCallout',
  grammar: flowCalloutGrammar,
  variablePrefix: 'flowcallout',
  support: 'whole grammar; shared flows of the same environment',
  // Its steps answer for themselves.
  touchesPayload: () => false,
  check: checkFlowCallout,
  compile: compileFlowCallout,
};
