import type { FlowValue } from '../../message/flow-value.ts';
import type { Message } from '../../message/message.ts';
import { messageProperty } from '../../message/message-property.ts';
import type { Flow } from '../../variables/flow.ts';
import { flowValueText, variableReference } from '../../variables/flow-variables.ts';
import { sourceNotAvailable } from './faults.ts';

/** What variables are extracted from. A text has no content type, headers or parameters. */
export type Source =
  | { readonly kind: 'message'; readonly name: string; readonly message: Message }
  | { readonly kind: 'text'; readonly name: string; readonly text: string };

/** @throws {Fault} at run time, when the variable is not set */
export function compileSource(policy: string, name: string): (flow: Flow) => Source {
  const reference = variableReference(name);
  return ({ variables }) => {
    const message = variables.message(name);
    if (message !== undefined) return { kind: 'message', name, message };
    const value = reference.read(variables);
    if (value === null || value === undefined) throw sourceNotAvailable(policy, name);
    return { kind: 'text', name, text: flowValueText(value) };
  };
}

/** Reads a part of the message by the name that flow variables give it; null from a text. */
export function partOf(property: string): (source: Source) => FlowValue {
  const part = messageProperty(property);
  return (source) => (source.kind === 'message' ? (part?.read(source.message) ?? null) : null);
}
