/** One of the servers that `bench/gateway.ts` compares, or their back end, in a process of its own. */
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import replyFrom from '@fastify/reply-from';
import fastify from 'fastify';
import { Agent, request } from 'undici';
import { createGateway } from '../../lib/gateway/gateway.ts';
import { listen } from '../../lib/gateway/node-server.ts';
import { writtenBundle } from '../written-bundle.ts';
import { place, type Work } from './work.ts';

const contenders: Readonly<Record<string, (work: Work, backEnd: number) => Promise<number>>> = {
  ours: startOurs,
  'by hand': startByHand,
  fastify: startFastify,
};

async function startOurs(work: Work, backEnd: number): Promise<number> {
  const steps = '<Step><Name>Ask</Name></Step><Step><Name>Tell</Name></Step>';
  const bundle = await writtenBundle({
    'bench.xml': '<APIProxy name="bench" revision="1"/>',
    'proxies/default.xml': `<ProxyEndpoint name="default"><HTTPProxyConnection><BasePath>/v1</BasePath></HTTPProxyConnection>
      <PreFlow><Request>${work === 'callout' ? steps : ''}</Request></PreFlow>
      <RouteRule name="r"><TargetEndpoint>t</TargetEndpoint></RouteRule></ProxyEndpoint>`,
    'targets/t.xml': `<TargetEndpoint name="t"><HTTPTargetConnection><URL>http://127.0.0.1:${backEnd}/t</URL></HTTPTargetConnection></TargetEndpoint>`,
    'policies/Ask.xml': `<ServiceCallout name="Ask"><Request variable="ask"><Set><QueryParams><QueryParam name="q">{request.queryparam.q}</QueryParam></QueryParams></Set></Request>
      <Response>answer</Response><HTTPTargetConnection><URL>http://127.0.0.1:${backEnd}/place</URL></HTTPTargetConnection></ServiceCallout>`,
    'policies/Tell.xml':
      '<AssignMessage name="Tell"><Set><Headers><Header name="X-Place">{jsonPath($.results[0].address,answer.content)}</Header></Headers></Set><AssignTo>request</AssignTo><IgnoreUnresolvedVariables>true</IgnoreUnresolvedVariables></AssignMessage>',
  });
  const gateway = await createGateway({ bundles: [bundle] });
  return (await listen(gateway, { port: 0 })).port;
}

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'host',
]);

function forwarded(raw: readonly string[]): string[] {
  const headers: string[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? '';
    if (!hopByHop.has(name.toLowerCase())) headers.push(name, raw[at + 1] ?? '');
  }
  return headers;
}

async function placeOf(dispatcher: Agent, backEnd: number, query: string): Promise<string> {
  const { body } = await request(`http://127.0.0.1:${backEnd}/place?q=${query}`, { dispatcher });
  const answer = (await body.json()) as { results: readonly { address: string }[] };
  return answer.results[0]?.address ?? '';
}

/** What an engineer writes who knows both libraries; bodies are buffered, as a gateway must. */
async function startByHand(work: Work, backEnd: number): Promise<number> {
  const dispatcher = new Agent({ connections: null });
  const server = createHttpServer((incoming, outgoing) => {
    const answer = async (): Promise<void> => {
      const { method = 'GET', url = '/' } = incoming;
      const chunks: Buffer[] = [];
      if (method !== 'GET') for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const headers = forwarded(incoming.rawHeaders);
      if (work === 'callout') {
        const query = new URL(url, 'http://a').searchParams.get('q') ?? '';
        headers.push('X-Place', await placeOf(dispatcher, backEnd, query));
      }
      const response = await dispatcher.request({
        origin: `http://127.0.0.1:${backEnd}`,
        path: url.replace(/^\/v1/, '/t'),
        method,
        headers,
        body: chunks.length === 0 ? null : Buffer.concat(chunks),
        responseHeaders: 'raw',
      });
      const body = Buffer.from(await response.body.arrayBuffer());
      const raw = (response.headers as unknown as readonly (Buffer | string)[]).map(String);
      outgoing.writeHead(response.statusCode, [
        ...forwarded(raw),
        'Content-Length',
        String(body.length),
      ]);
      outgoing.end(body);
    };
    answer().catch((error: unknown) => outgoing.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function startFastify(work: Work, backEnd: number): Promise<number> {
  const dispatcher = new Agent({ connections: null });
  const app = fastify();
  await app.register(replyFrom, { base: `http://127.0.0.1:${backEnd}` });
  app.all<{ Querystring: { q?: string } }>(
    '/v1/*',
    {
      preHandler: async (incoming) => {
        if (work === 'proxy') return;
        const found = await placeOf(dispatcher, backEnd, incoming.query.q ?? '');
        incoming.headers['x-place'] = found;
      },
    },
    (incoming, reply) => reply.from(incoming.url.replace(/^\/v1/, '/t')),
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as AddressInfo).port;
}

/** Says as little as a server can, so that its share of the machine is small. */
async function startBackEnd(): Promise<number> {
  const answer = Buffer.from(
    'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: keep-alive\r\n' +
      `Keep-Alive: timeout=60\r\nContent-Length: ${Buffer.byteLength(place)}\r\n\r\n${place}`,
  );
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy()).on('data', () => socket.write(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const [role = '', work, backEnd] = process.argv.slice(2);
const contender = contenders[role];
const port =
  contender === undefined
    ? await startBackEnd()
    : await contender(work === 'callout' ? 'callout' : 'proxy', Number(backEnd));
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.on('disconnect', () => process.exit());
process.send?.(port);
