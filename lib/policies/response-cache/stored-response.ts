import type { FlowValue } from '../../message/flow-value.ts';
import { Message } from '../../message/message.ts';
import type { Flow } from '../../variables/flow.ts';

// An entry is the response, and whether its body is plain although its header names a coding.

/** The response as it is kept. */
export function storedResponse(response: Message, { passage }: Flow): FlowValue {
  return [response, passage.responseCoding];
}

/**
 * Gives the response back, with its coding only if the client takes it. Undefined for an entry that
 * somebody else wrote.
 */
export function restoredResponse(entry: FlowValue, flow: Flow): Message | undefined {
  const [response, coding] = Array.isArray(entry) ? (entry as readonly FlowValue[]) : [];
  if (!(response instanceof Message) || response.kind !== 'response') return undefined;
  if (coding !== 'undone') return response;
  if (accepts(flow.variables.message('request'), response)) flow.passage.responseCoding = 'undone';
  else response.headers.remove('content-encoding');
  return response;
}

/** Whether the client names the coding, and not with a weight of zero. */
function accepts(request: Message | undefined, response: Message): boolean {
  const accepted = new Set(
    (request?.headers.values('accept-encoding') ?? [])
      .map((value) => value.toLowerCase().replaceAll(' ', ''))
      .filter((value) => !/;q=0(?:\.0*)?$/.test(value))
      .map((value) => value.split(';', 1)[0] ?? ''),
  );
  return response.headers
    .values('content-encoding')
    .every((coding) => accepted.has(coding.trim().toLowerCase()) || accepted.has('*'));
}
