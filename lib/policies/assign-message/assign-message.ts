import { isTransactionMessage, readsPayload, writesPayload } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkAssignMessage } from './checks.ts';
import { compileAssignMessage } from './compile.ts';
import { assignMessageGrammar, type AssignMessagePolicy } from './grammar.ts';

/** AssignMessage: changes messages and sets variables ("AssignMessage policy"). */
export const assignMessage: PolicyType<AssignMessagePolicy> = {
  type: 'AssignMessage',
  grammar: assignMessageGrammar,
  variablePrefix: 'assignmessage',
  sharedFailureVariable: 'assignmessage.failed',
  support: 'whole grammar',
  touchesPayload(policy) {
    const name = policy.assignTo?.value ?? '';
    const isOwn = name !== '' && !isTransactionMessage(name);
    return readsPayload(policy) || (!isOwn && policy.actions.some(writesPayload));
  },
  check: checkAssignMessage,
  compile: compileAssignMessage,
};
