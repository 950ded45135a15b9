import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Diagnostic } from '../../lib/diagnostic/diagnostic.ts';
import type { Files } from '../bundle/folder.ts';
import { bundlesOf, whileListening, whileServing } from './serving.ts';

const on = (...names: readonly string[]) =>
  names.map((name) => `<Property name="${name}">true</Property>`).join('');
const response = 'response.streaming.enabled';
const request = 'request.streaming.enabled';

export interface Parts {
  readonly proxy?: string;
  readonly target?: string;
  /** Inside the endpoints, before their connections. */
  readonly proxyFlows?: string;
  readonly targetFlows?: string;
  readonly policies?: Readonly<Record<string, string>>;
}

function proxyFiles(url: string, parts: Parts): Files {
  const { proxy = on(request, response), target = on(request, response) } = parts;
  const policies = Object.entries(parts.policies ?? {}).map(([name, xml]) => [
    `apiproxy/policies/${name}.xml`,
    xml,
  ]);
  return {
    'apiproxy/shop.xml': '<APIProxy name="shop"/>',
    'apiproxy/proxies/default.xml': `<ProxyEndpoint name="default">${parts.proxyFlows ?? ''}
      <HTTPProxyConnection><BasePath>/shop</BasePath><Properties>${proxy}</Properties></HTTPProxyConnection>
      <RouteRule name="only"><TargetEndpoint>default</TargetEndpoint></RouteRule></ProxyEndpoint>`,
    'apiproxy/targets/default.xml': `<TargetEndpoint name="default">${parts.targetFlows ?? ''}
      <HTTPTargetConnection><URL>${url}</URL><Properties>${target}</Properties></HTTPTargetConnection>
      </TargetEndpoint>`,
    ...(Object.fromEntries(policies) as Files),
  };
}

/** A target, its proxy, and a client, all on loopback. */
export async function whileProxying(
  target: (incoming: IncomingMessage, outgoing: ServerResponse) => void,
  parts: Parts,
  use: (url: string, diagnostics: readonly Diagnostic[]) => Promise<void>,
): Promise<void> {
  await whileListening(target, async (url) => {
    const diagnostics: Diagnostic[] = [];
    const bundles = await bundlesOf(proxyFiles(url, parts));
    await whileServing(
      { bundles, report: (diagnostic) => diagnostics.push(diagnostic) },
      async ({ server }) => {
        await use(`http://127.0.0.1:${server.port}/shop`, diagnostics);
      },
    );
  });
}

/** A target whose response is written by the test, event by event. */
export class EventTarget {
  readonly #events = new EventEmitter();
  #response: ServerResponse | undefined;
  closed = false;

  readonly listener = (_request: IncomingMessage, outgoing: ServerResponse): void => {
    this.#response = outgoing;
    outgoing.on('close', () => {
      this.closed = true;
      this.#events.emit('closed');
    });
    outgoing.writeHead(200, { 'Content-Type': 'text/event-stream' });
    outgoing.flushHeaders();
    this.#events.emit('asked');
  };

  async asked(): Promise<void> {
    if (this.#response === undefined) await once(this.#events, 'asked');
  }

  async abandoned(): Promise<void> {
    if (!this.closed) await once(this.#events, 'closed');
  }

  write(text: string | Uint8Array): void {
    this.#response?.write(text);
  }

  end(): void {
    this.#response?.end();
  }

  break(): void {
    this.#response?.destroy();
  }
}

export const show = (name: string, header: string, value: string) =>
  `<AssignMessage name="${name}"><Set><Headers><Header name="${header}">${value}</Header></Headers></Set>
   <IgnoreUnresolvedVariables>true</IgnoreUnresolvedVariables></AssignMessage>`;
export const inResponse = (step: string) =>
  `<PostFlow><Response><Step>${step}</Step></Response></PostFlow>`;
