/**
 * CPU time a request costs the gateway, against hand-written node:http with undici and against fastify
 * with @fastify/reply-from doing the same work, turn by turn, each in a process of its own.
 * Run: node --import tsx bench/gateway.ts
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import replyFrom from '@fastify/reply-from';
import fastify from 'fastify';
import { Agent, Pool, request } from 'undici';
import { loadBundle } from '../lib/bundle/load-bundle.ts';
import { createGateway } from '../lib/gateway/gateway.ts';
import { listen } from '../lib/gateway/node-server.ts';

const inFlight = 32;
const requestsATurn = 6_000;
const rounds = 5;
const place = JSON.stringify({ results: [{ address: 'Mountain View', lat: 37.4, lng: -122 }] });

/** `proxy` passes on; `callout` first asks a service and puts something of its JSON into a header. */
type Work = 'proxy' | 'callout';

const contenders: Readonly<Record<string, (work: Work, backEnd: number) => Promise<number>>> = {
  ours: startOurs,
  'by hand': startByHand,
  fastify: startFastify,
};

async function startOurs(work: Work, backEnd: number): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'apx-bench-'));
  const write = async (file: string, xml: string): Promise<void> => {
    const target = path.join(folder, 'apiproxy', file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, xml);
  };
  const steps = '<Step><Name>Ask</Name></Step><Step><Name>Tell</Name></Step>';
  await write('bench.xml', '<APIProxy name="bench" revision="1"/>');
  await write(
    'proxies/default.xml',
    `<ProxyEndpoint name="default"><HTTPProxyConnection><BasePath>/v1</BasePath></HTTPProxyConnection>
    <PreFlow><Request>${work === 'callout' ? steps : ''}</Request></PreFlow>
    <RouteRule name="r"><TargetEndpoint>t</TargetEndpoint></RouteRule></ProxyEndpoint>`,
  );
  await write(
    'targets/t.xml',
    `<TargetEndpoint name="t"><HTTPTargetConnection><URL>http://127.0.0.1:${backEnd}/t</URL></HTTPTargetConnection></TargetEndpoint>`,
  );
  if (work === 'callout') {
    await write(
      'policies/Ask.xml',
      `<ServiceCallout name="Ask"><Request variable="ask"><Set><QueryParams><QueryParam name="q">{request.queryparam.q}</QueryParam></QueryParams></Set></Request>
      <Response>answer</Response><HTTPTargetConnection><URL>http://127.0.0.1:${backEnd}/place</URL></HTTPTargetConnection></ServiceCallout>`,
    );
    await write(
      'policies/Tell.xml',
      '<AssignMessage name="Tell"><Set><Headers><Header name="X-Place">{jsonPath($.results[0].address,answer.content)}</Header></Headers></Set><AssignTo>request</AssignTo><IgnoreUnresolvedVariables>true</IgnoreUnresolvedVariables></AssignMessage>',
    );
  }
  const bundle = await loadBundle(folder);
  await rm(folder, { recursive: true });
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

interface Started {
  readonly child: ChildProcess;
  readonly port: number;
}

async function start(...args: readonly string[]): Promise<Started> {
  const child = fork(fileURLToPath(import.meta.url), args);
  const [port] = (await once(child, 'message')) as [number];
  return { child, port };
}

async function cpuOf(child: ChildProcess): Promise<number> {
  child.send('cpu');
  const [microseconds] = (await once(child, 'message')) as [number];
  return microseconds;
}

/** Microseconds of user and system time a request. */
async function turn({ child, port }: Started): Promise<number> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: inFlight });
  const before = await cpuOf(child);
  let left = requestsATurn;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while ((left -= 1) >= 0) {
        const { statusCode, body } = await pool.request({
          method: 'GET',
          path: '/v1/things/7?q=94043',
          headers: { accept: 'application/json', 'user-agent': 'bench', 'x-request-id': '7' },
        });
        if (statusCode !== 200 || (await body.text()) !== place) throw new Error('wrong answer');
      }
    }),
  );
  const spent = (await cpuOf(child)) - before;
  await pool.close();
  return spent / requestsATurn;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

async function compare(work: Work, backEnd: Started): Promise<void> {
  const names = Object.keys(contenders);
  const started = new Map<string, Started>();
  for (const name of names) started.set(name, await start(name, work, String(backEnd.port)));
  const figures = new Map<string, number[]>(names.map((name) => [name, []]));
  // The first round warms up and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const server = started.get(name);
      const figure = server === undefined ? Number.NaN : await turn(server);
      if (round > 0) figures.get(name)?.push(figure);
    }
  }
  for (const { child } of started.values()) child.disconnect();
  const own = figures.get('ours') ?? [];
  console.log(`${work}: CPU a request`);
  for (const [name, values] of figures) {
    const ratio = median(own.map((figure, round) => figure / (values[round] ?? Number.NaN)));
    const range = `${Math.min(...values).toFixed(0)}..${Math.max(...values).toFixed(0)}`;
    console.log(
      `  ${name.padEnd(8)} ${median(values).toFixed(0)} µs (${range})  ours is ${ratio.toFixed(2)} times it`,
    );
  }
}

const [role, work, backEndPort] = process.argv.slice(2);
if (role === undefined) {
  const backEnd = await start('back end');
  await compare('proxy', backEnd);
  await compare('callout', backEnd);
  backEnd.child.disconnect();
} else {
  const contender = contenders[role];
  const port =
    contender === undefined
      ? await startBackEnd()
      : await contender(work === 'callout' ? 'callout' : 'proxy', Number(backEndPort));
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.(user + system);
  });
  process.on('disconnect', () => process.exit());
  process.send?.(port);
}
