/**
 * Callouts over loopback, 32 in flight: our transport against hand-written undici code, turn by
 * turn, with the server in another process. Run: npx tsx bench/transport.ts
 */
import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import { createUndiciTransport } from '../lib/connection/undici-transport.ts';
import type { OutgoingRequest } from '../lib/connection/transport.ts';
import { systemClock } from '../lib/host/clock.ts';

const inFlight = 32;
const seconds = 2;
const rounds = 6;
const answer = JSON.stringify({
  items: Array.from({ length: 20 }, (_, id) => ({ id, name: 'n' })),
});

if (process.argv[2] === 'server') {
  const server = createServer((incoming, outgoing) => {
    incoming.resume().on('end', () => {
      outgoing.setHeader('Content-Type', 'application/json');
      outgoing.end(answer);
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
} else {
  const server = fork(fileURLToPath(import.meta.url), ['server'], { execArgv: process.execArgv });
  const { port } = await new Promise<{ port: number }>((resolve) => {
    server.once('message', (address) => {
      resolve(address as { port: number });
    });
  });

  const agent = new Agent({ connections: null });
  const url = `http://127.0.0.1:${port}/v1/items?q=1`;
  const byHand = async (): Promise<string> => {
    const { body } = await request(url, {
      dispatcher: agent,
      headers: { accept: 'application/json', 'x-request-id': '1' },
    });
    return body.text();
  };

  const transport = createUndiciTransport({ clock: systemClock });
  const outgoing: OutgoingRequest = {
    origin: { scheme: 'http', host: '127.0.0.1', port },
    method: 'GET',
    target: '/v1/items?q=1',
    headers: [
      ['Host', `127.0.0.1:${port}`],
      ['accept', 'application/json'],
      ['x-request-id', '1'],
    ],
    body: null,
    tls: undefined,
    limits: {
      connectTimeout: 3_000,
      idleTimeout: 55_000,
      total: 55_000,
      keepAlive: 60_000,
      responseBody: 1e7,
    },
    signal: undefined,
  };
  const ours = async (): Promise<string> => {
    const { body } = await transport.send({ ...outgoing });
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  };

  const rate = async (call: () => Promise<string>): Promise<number> => {
    const end = performance.now() + seconds * 1000;
    const cpu = process.cpuUsage();
    let calls = 0;
    await Promise.all(
      Array.from({ length: inFlight }, async () => {
        while (performance.now() < end) {
          if ((await call()) !== answer) throw new Error('wrong answer');
          calls += 1;
        }
      }),
    );
    const { user, system } = process.cpuUsage(cpu);
    console.log(`  ${((user + system) / calls).toFixed(1)} us of CPU a call`);
    return calls / seconds;
  };

  await rate(byHand);
  await rate(ours);
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [hand, own] =
      round % 2 === 0
        ? [await rate(byHand), await rate(ours)]
        : await rate(ours).then(async (own) => [await rate(byHand), own] as const);
    ratios.push(own / hand);
    console.log(
      `undici request() ${hand.toFixed(0)}/s, transport ${own.toFixed(0)}/s, ratio ${(own / hand).toFixed(3)}`,
    );
  }
  ratios.sort((a, b) => a - b);
  console.log(`median ratio ${(ratios[ratios.length >> 1] ?? 0).toFixed(3)}`);
  await transport.close();
  await agent.close();
  server.kill();
}
