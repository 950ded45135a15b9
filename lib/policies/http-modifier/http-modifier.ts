import { isTransactionMessage, readsPayload, writesPayload } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkHttpModifier } from './checks.ts';
import { compileHttpModifier } from './compile.ts';
import { httpModifierGrammar, type HttpModifierPolicy } from './grammar.ts';

/** HTTPModifier: changes a message ("HTTPModifier policy"). */
export const httpModifier: PolicyType<HttpModifierPolicy> = {
  type: 'HTTPModifier',
  grammar: httpModifierGrammar,
  variablePrefix: 'httpmodifier',
  support: 'whole grammar',
  touchesPayload(policy) {
    const name = policy.assignTo?.value ?? '';
    const isOwn = name !== '' && !isTransactionMessage(name);
    return readsPayload(policy) || (!isOwn && policy.actions.some(writesPayload));
  },
  check: checkHttpModifier,
  compile: compileHttpModifier,
};
