/**
 * Two hundred thousand requests through a gateway, a third of which go wrong: the heap it needs as they pass,
 * and what it still holds when it is closed.
 * Run: node --import tsx bench/soak.ts [requests]
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { slope } from './slope.ts';
import { freePort, startBackEnd } from './soak/back-end.ts';
import { startGateway, type Holdings } from './soak/gateway.ts';
import { kinds, type Client } from './soak/requests.ts';

const requests = Number(process.argv[2] ?? 200_000);
const between = requests / 20;
const inFlight = 32;

if (process.argv[2] === 'gateway') await serve(Number(process.argv[3]), Number(process.argv[4]));
else await soak();

/** In a process of its own, whose heap nobody else uses. */
async function serve(backEnd: number, nobody: number): Promise<void> {
  const gateway = await startGateway({ backEnd, nobody });
  process.on('message', (question) => {
    void (async () => {
      process.send?.(await (question === 'close' ? gateway.close() : gateway.holdings()));
      if (question === 'close') process.disconnect();
    })();
  });
  process.send?.(gateway.port);
}

async function soak(): Promise<void> {
  const ports = [await startBackEnd(), await freePort()].map(String);
  const child = fork(fileURLToPath(import.meta.url), ['gateway', ...ports], {
    execArgv: [...process.execArgv, '--expose-gc'],
  });
  child.once('exit', (code) => {
    if (code !== 0) process.exit(1);
  });
  const [port] = (await once(child, 'message')) as [number];
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: inFlight });
  const outcomes = new Map<string, number>();
  const heap: number[] = [];
  console.log('\nHeap after forced collections:');
  const start = performance.now();
  for (let sent = 0; sent < requests; sent += between) {
    await send(between, { pool, port }, outcomes);
    const holdings = await ask(child, 'holdings');
    heap.push(holdings.heap);
    console.log(`  ${sent + between} requests: ${(holdings.heap / 1e6).toFixed(2)} MB`);
  }
  const seconds = (performance.now() - start) / 1000;
  await pool.close();
  const left = await ask(child, 'close');
  // Nothing may keep it from ending by itself.
  const [code] = (await once(child, 'exit')) as [number | null];

  console.log(`\nsoak: ${requests} requests, ${inFlight} in flight, ${seconds.toFixed(0)} s\n`);
  for (const [outcome, count] of [...outcomes].sort()) console.log(`  ${outcome}: ${count}`);
  console.log(
    `\n  slope ${slope(heap, between).toFixed(2)} bytes a request, the first figure left out`,
  );
  console.log(
    `  after close: ${left.sockets ?? '?'} sockets, resources [${left.resources.join(', ')}], exit code ${code}`,
  );
  process.exit();
}

async function ask(child: ChildProcess, question: 'holdings' | 'close'): Promise<Holdings> {
  child.send(question);
  const [answer] = (await once(child, 'message')) as [Holdings];
  return answer;
}

async function send(count: number, client: Client, outcomes: Map<string, number>): Promise<void> {
  // Every hundred requests hold each kind as often as its share says, in an order that mixes them.
  const hundred = Object.entries(kinds)
    .flatMap(([name, kind]) =>
      Array.from({ length: kind.share }, (_, at) => ({
        name,
        kind,
        place: (at + 0.5) / kind.share,
      })),
    )
    .sort((a, b) => a.place - b.place);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < count; at = next++) {
      const picked = hundred[at % hundred.length];
      if (picked === undefined) return;
      const seen = await picked.kind.run(client).catch((error: unknown) => String(error));
      const outcome =
        seen === picked.kind.expected
          ? `${picked.name}: ${seen}`
          : `UNEXPECTED ${picked.name}: ${seen}`;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}
