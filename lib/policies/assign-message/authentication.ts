import { compileAuthentication, EmptyAudienceError } from '../../connection/authentication.ts';
import { TokenError } from '../../connection/google-tokens.ts';
import type { AuthenticationNode } from '../../connection/grammar/target-connections.ts';
import type { Message } from '../../message/message.ts';
import type { Flow } from '../../variables/flow.ts';
import { flowValueText, variableReference } from '../../variables/flow-variables.ts';
import { checkServiceAccount } from '../google-authentication/checks.ts';
import { emptyAudience, tokenGenerationFailed } from '../google-authentication/faults.ts';
import type { CompileContext } from '../policy-type.ts';

const targetUrl = variableReference('target.url');

/** Compiles Set/Authentication: it waits for a token and writes it into a header of the message. */
export function compileSetAuthentication(
  policy: string,
  node: AuthenticationNode | undefined,
  context: CompileContext,
): ((flow: Flow, message: Message) => Promise<void>) | undefined {
  if (node !== undefined) checkServiceAccount(policy, node, context);
  const authentication = compileAuthentication(node, context.services.tokens);
  if (authentication === undefined) return undefined;
  return async (flow, message) => {
    try {
      const value = await authentication.value(flow, flowValueText(targetUrl.read(flow.variables)));
      message.headers.set(authentication.headerName(flow), value);
    } catch (error) {
      if (error instanceof EmptyAudienceError) throw emptyAudience(`AssignMessage[${policy}]`);
      if (error instanceof TokenError) {
        throw tokenGenerationFailed(`AssignMessage ${policy}`, error);
      }
      throw error;
    }
  };
}
