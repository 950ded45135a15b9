import type { Message } from '../../message/message.ts';
import type { Flow } from '../../variables/flow.ts';

const formVerbs: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Whether a message may hold form parameters: a request whose verb is unset, POST, PUT or PATCH. The
 * verb of a callout is normally unset and becomes POST when it is sent ("AssignMessage policy").
 */
export function acceptsForm(message: Message): boolean {
  if (message.kind !== 'request') return false;
  return message.verb === null || formVerbs.has(message.verb.toUpperCase());
}

/** Tells the operator why FormParams had no effect; the flow itself cannot see it. */
export function logFormSkipped(flow: Flow, policy: string, { kind, verb }: Message): void {
  flow.host.log.warn({ policy, kind, verb }, 'FormParams has no effect on this message');
}
