import { readsPayload } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkMessageLogging } from './checks.ts';
import { compileMessageLogging } from './compile.ts';
import { messageLoggingGrammar, type MessageLoggingPolicy } from './grammar.ts';

/** MessageLogging: logs to syslog, Cloud Logging or a file ("MessageLogging policy"). */
export const messageLogging: PolicyType<MessageLoggingPolicy> = {
  type: 'MessageLogging',
  grammar: messageLoggingGrammar,
  variablePrefix: 'messagelogging',
  support:
    'whole grammar; messages go to the log of this program unless they are to be delivered: syslog over UDP, TCP and TLS, Cloud Logging, files with rotation',
  touchesPayload: (policy) => readsPayload(policy),
  check: checkMessageLogging,
  compile: compileMessageLogging,
};
