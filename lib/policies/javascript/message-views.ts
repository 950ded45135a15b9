import type { FlowValue } from '../../message/flow-value.ts';
import { messageProperty } from '../../message/message-property.ts';
import type { Message } from '../../message/message.ts';
import { flowValueText } from '../../message/flow-value.ts';
import type { Flow } from '../../variables/flow.ts';
import { sessionOf } from './transaction-session.ts';

/**
 * Messages by the names that the object model has for them: `proxyRequest`, `targetRequest`, `response`,
 * `variable NAME`, `exchange NUMBER`. Parts have the names that flow variables give them.
 */
export function readPart(flow: Flow, view: string, part: string): FlowValue {
  if (part === '$url') return urlOf(flow, view);
  if (part === '$protocol') return /^[a-z]+(?=:)/i.exec(flowValueText(urlOf(flow, view)))?.[0];
  const name = variableOf(flow, view);
  if (name !== undefined) return flow.variables.get(`${name}.${part}`);
  const message = messageBehind(flow, view);
  return message === undefined ? null : messageProperty(part)?.read(message);
}

/** Writes through the flow variable of the part, so that whoever watches the flow sees it. */
export function writePart(flow: Flow, view: string, part: string, value: FlowValue): void {
  if (part === '$url') {
    writeUrl(flow, view, flowValueText(value));
    return;
  }
  const name = variableOf(flow, view);
  if (name !== undefined) {
    flow.variables.set(`${name}.${part}`, value);
    return;
  }
  const message = messageBehind(flow, view);
  if (message !== undefined) messageProperty(part)?.write(message, value);
}

/** The message itself, if there is one. */
export function messageBehind(flow: Flow, view: string): Message | undefined {
  const name = variableOf(flow, view);
  if (name !== undefined) return flow.variables.message(name);
  const [kind, id] = view.split(' ', 2);
  if (kind !== 'exchange') return undefined;
  const state = sessionOf(flow).exchanges[Number(id)]?.state;
  return state?.kind === 'answered' ? state.response : undefined;
}

function variableOf({ variables }: Flow, view: string): string | undefined {
  if (view === 'proxyRequest' || view === 'targetRequest') return 'request';
  // A fault's response is the one on its way to the client.
  if (view === 'response') return variables.phase === 'error' ? 'error' : 'response';
  return view.startsWith('variable ') ? view.slice('variable '.length) : undefined;
}

function urlOf(flow: Flow, view: string): FlowValue {
  const { variables } = flow;
  const message = messageBehind(flow, view);
  if (message === undefined) return null;
  if (view === 'targetRequest') {
    const target = flowValueText(variables.get('target.url'));
    if (target !== '') return target;
  }
  if (view.startsWith('variable ')) return message.url;
  const scheme = flowValueText(variables.get('client.scheme')) || 'http';
  const host = message.headers.first('host') ?? 'localhost';
  return `${scheme}://${host}${message.uri}`;
}

function writeUrl(flow: Flow, view: string, url: string): void {
  const message = messageBehind(flow, view);
  if (view === 'targetRequest') flow.variables.set('target.url', url);
  else if (message !== undefined) message.uri = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '');
}
