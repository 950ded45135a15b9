/**
 * CPU time a request costs the gateway, against hand-written node:http with undici and against fastify
 * with @fastify/reply-from doing the same work, turn by turn, each in a process of its own. The processes run
 * what `tsc` makes: a loader that keeps function names would slow down code that creates functions.
 * Run: node --import tsx bench/gateway.ts [rounds]
 */
import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { place, type Work } from './gateway/work.ts';
import { ratios, spread, takeTurns } from './rounds.ts';
import { printTable, shown } from './table.ts';

const inFlight = 32;
const requestsATurn = 6_000;
const rounds = Number(process.argv[2] ?? 7);

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const project = fileURLToPath(new URL('./tsconfig.build.json', import.meta.url));
execFileSync(process.execPath, [tsc, '-p', project], { stdio: 'inherit' });
const contender = fileURLToPath(new URL('./dist/bench/gateway/contender.js', import.meta.url));

interface Started {
  readonly child: ChildProcess;
  readonly port: number;
}

async function start(...args: readonly string[]): Promise<Started> {
  const child = fork(contender, args, { execArgv: [] });
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

async function compare(work: Work, backEnd: Started): Promise<void> {
  const [ours, byHand, fastify] = await Promise.all(
    ['ours', 'by hand', 'fastify'].map((name) => start(name, work, String(backEnd.port))),
  );
  if (ours === undefined || byHand === undefined || fastify === undefined) return;
  const figures = await takeTurns(
    { ours: () => turn(ours), byHand: () => turn(byHand), fastify: () => turn(fastify) },
    rounds,
  );
  for (const { child } of [ours, byHand, fastify]) child.disconnect();
  const unit = 'us of CPU a request';
  const ratioTo = (rival: readonly number[], name: string): string =>
    shown(spread(ratios(figures.ours, rival)), `of ${name}`);
  printTable(`gateway, ${work}: user and system time, ${inFlight} in flight`, [
    { what: 'by hand', measured: shown(spread(figures.byHand), unit) },
    { what: 'fastify', measured: shown(spread(figures.fastify), unit) },
    {
      what: 'ours',
      measured: shown(spread(figures.ours), unit),
      ratio: ratioTo(figures.byHand, 'by hand'),
      goal: work === 'proxy' ? 'at most 1.2' : 'at most 1.15',
    },
    {
      what: '',
      measured: '',
      ratio: ratioTo(figures.fastify, 'fastify'),
      goal: work === 'proxy' ? '' : 'at most 0.75',
    },
  ]);
}

const backEnd = await start('back end');
await compare('proxy', backEnd);
await compare('callout', backEnd);
backEnd.child.disconnect();
