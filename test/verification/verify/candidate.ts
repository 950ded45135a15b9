import { createServer, type RequestListener } from 'node:http';
import {
  createServer as createRawServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { apx } from '../../cli/streams.ts';

/** A server of a test on loopback, and what ends it at once. */
export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

export async function candidate(handle: RequestListener): Promise<Listening> {
  const server = createServer(handle);
  const url = await listen(server);
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** A candidate that writes bytes of its own choice as soon as a request's head has come. */
export async function rawCandidate(answer: (socket: Socket) => void): Promise<Listening> {
  const sockets = new Set<Socket>();
  const server = createRawServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('data', () => {
      answer(socket);
    });
  });
  const url = await listen(server);
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createRawServer();
  const url = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return Number(new URL(url).port);
}

export async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'apx-verify-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const policies: Readonly<Record<string, string>> = {
  SC: `<ServiceCallout name="SC"><Request variable="q"><Set><Verb>POST</Verb><Payload contentType="application/json">{"id":"{request.queryparam.id}"}</Payload></Set><IgnoreUnresolvedVariables>true</IgnoreUnresolvedVariables></Request><Response>a</Response><HTTPTargetConnection><URL>https://items.example/find</URL></HTTPTargetConnection></ServiceCallout>`,
  AM: `<AssignMessage name="AM"><Set><Headers><Header name="x-kind">item</Header></Headers><Payload contentType="application/json">{a.content}</Payload></Set><AssignTo createNew="true" transport="http" type="response">response</AssignTo></AssignMessage>`,
};

/** A bundle that asks one service and hands on what it says. */
export async function writeBundle(folder: string): Promise<void> {
  const { mkdir } = await import('node:fs/promises');
  const proxy = path.join(folder, 'apiproxy');
  await mkdir(path.join(proxy, 'policies'), { recursive: true });
  await mkdir(path.join(proxy, 'proxies'));
  await writeFile(path.join(proxy, 'items.xml'), '<APIProxy name="items" revision="1"/>');
  await writeFile(
    path.join(proxy, 'proxies/default.xml'),
    `<ProxyEndpoint name="default"><HTTPProxyConnection><BasePath>/items</BasePath></HTTPProxyConnection>
      <PreFlow name="PreFlow"><Request><Step><Name>SC</Name></Step></Request><Response><Step><Name>AM</Name></Step></Response></PreFlow>
      <RouteRule name="none"/></ProxyEndpoint>`,
  );
  for (const [name, xml] of Object.entries(policies))
    await writeFile(path.join(proxy, `policies/${name}.xml`), xml);
}

export interface Verified {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface VerifyTrial {
  /** What the service answers; `{"id":7,"name":"lamp"}` unless given. */
  readonly answer?: unknown;
  readonly suite?: Readonly<Record<string, unknown>>;
  readonly cases?: readonly unknown[];
  readonly arguments?: readonly string[];
  /** The candidate, given where it calls the service. */
  readonly candidate: (service: string) => Promise<Listening>;
}

/** Runs `apx verify` on a suite of one case, or of those given. */
export async function verified(trial: VerifyTrial): Promise<Verified> {
  let result: Verified = { code: -1, stdout: '', stderr: '' };
  await inFolder(async (folder) => {
    await writeBundle(folder);
    const file = path.join(folder, 'suite.json');
    const one = { name: 'an item', request: 'GET /items?id=7', expect: {} };
    const suite = {
      bundle: '.',
      upstreams: {
        'https://items.example': { body: { json: trial.answer ?? { id: 7, name: 'lamp' } } },
      },
      cases: trial.cases ?? [one],
      ...trial.suite,
    };
    await writeFile(file, JSON.stringify(suite));
    const port = await freePort();
    const other = await trial.candidate(`http://127.0.0.1:${port}`);
    try {
      result = await apx([
        'verify',
        file,
        '--against',
        other.url,
        '--upstream-port',
        String(port),
        ...(trial.arguments ?? []),
      ]);
    } finally {
      await other.close();
    }
  });
  return result;
}

/** Does what the bundle does, but for what is changed. */
export function faithful(
  change: {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string | readonly string[]>>;
    readonly body?: (text: string) => string;
    readonly calls?: number;
    readonly sent?: string;
  } = {},
): VerifyTrial['candidate'] {
  return (service) =>
    candidate((_request, response) => {
      void (async () => {
        let text = '';
        for (let call = 0; call < (change.calls ?? 1); call += 1) {
          const answer = await fetch(`${service}/find`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: change.sent ?? '{"id":"7"}',
          });
          text = await answer.text();
        }
        if (change.calls === 0) text = '{"id":7,"name":"lamp"}';
        response.writeHead(change.status ?? 200, {
          'Content-Type': 'application/json',
          'x-kind': 'item',
          ...change.headers,
        } as Record<string, string | string[]>);
        response.end(change.body?.(text) ?? text);
      })();
    });
}
