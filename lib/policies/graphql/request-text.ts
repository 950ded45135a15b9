import { isJson } from '../../message/media-type.ts';
import type { Message } from '../../message/message.ts';
import type { Flow } from '../../variables/flow.ts';
import { flowValueText, variableReference } from '../../variables/flow-variables.ts';
import { invalidPayload, sourceUnavailable } from './faults.ts';

/**
 * Compiles where the text of a request is found: in the query parameter `query` of a message without a
 * body, in the member `query` of a JSON body, else the body or the variable is the text itself.
 *
 * @throws {Fault} at run time, where there is none
 */
export function compileRequestText(policy: string, source: string): (flow: Flow) => string {
  const name = source === '' ? 'request' : source;
  const reference = variableReference(name);
  return ({ variables }) => {
    const message = variables.message(name);
    if (message !== undefined) return textIn(message);
    const value = reference.read(variables) ?? null;
    if (value === null) throw sourceUnavailable(policy, name);
    return flowValueText(value);
  };
}

function textIn(message: Message): string {
  if (!message.hasBody) {
    const query = message.query.first('query');
    if (query === undefined) throw invalidPayload('There is neither a body nor a parameter query.');
    return query;
  }
  return isJson(message) ? queryMember(message.content) : message.content;
}

function queryMember(json: string): string {
  let body: unknown;
  try {
    body = JSON.parse(json);
  } catch {
    throw invalidPayload('The body is no JSON.');
  }
  const query =
    typeof body === 'object' && body !== null && 'query' in body ? body.query : undefined;
  if (typeof query !== 'string') throw invalidPayload('The body has no text as its member query.');
  return query;
}
