import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createRedisState,
  createRuntime,
  parsePolicy,
  systemClock,
  type CompiledPolicy,
  type Flow,
  type Runtime,
} from '../lib/index.ts';
import { spread, takeTurns } from './rounds.ts';
import { printTable, shown, type Row } from './table.ts';

const rounds = 15;
const batch = 50_000;
const identifiers = 1_000;

const policies = {
  quota: `<Quota name="Q"><Identifier ref="k"/><Allow count="1000000000000"/><Interval>1</Interval>
    <TimeUnit>day</TimeUnit><Distributed>true</Distributed><Synchronous>true</Synchronous></Quota>`,
  rolling: `<Quota name="R" type="rollingwindow"><Identifier ref="k"/><Allow count="1000000000000"/>
    <Interval>1</Interval><TimeUnit>minute</TimeUnit><Distributed>true</Distributed></Quota>`,
  spikeArrest: `<SpikeArrest name="SA"><Identifier ref="k"/><Rate>900000000ps</Rate>
    <UseEffectiveCount>true</UseEffectiveCount></SpikeArrest>`,
} as const;

type Name = keyof typeof policies;

const names: Readonly<Record<Name, string>> = {
  quota: 'Quota',
  rolling: 'Quota, rollingwindow',
  spikeArrest: 'SpikeArrest',
};

/** What Quota and SpikeArrest cost: in memory the CPU of one run, in Redis the time until the answer. */
export async function traffic(): Promise<void> {
  const inMemory = createRuntime();
  const own = await takeTurns(contenders(inMemory, inMemoryBatch), rounds);
  await inMemory.close();
  const rows: Row[] = entries(names).map(([name, what]) => ({
    what: `${what}, in memory`,
    measured: shown(spread(own[name]), 'us of CPU'),
    goal: 'at most 3 us',
  }));
  printTable(`traffic: ${identifiers} identifiers in turn, in a flow that is there`, [
    ...rows,
    ...(await redisRows()),
  ]);
}

async function redisRows(): Promise<readonly Row[]> {
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    return [{ what: 'in Redis', measured: 'redis-server is not on PATH' }];
  }
  const folder = await mkdtemp(join(tmpdir(), 'apx-bench-'));
  const socket = join(folder, 'redis.sock');
  const server = spawn('redis-server', ['--port', '0', '--unixsocket', socket, '--save', '']);
  try {
    await once(server.stdout, 'data');
    const log = { warn: () => undefined, error: console.error };
    const runtime = createRuntime({
      stores: createRedisState(`unix:${socket}`, { clock: systemClock, log }),
    });
    const shared = await takeTurns(contenders(runtime, inRedisBatch), rounds);
    await runtime.close();
    return entries(names).map(([name, what]) => ({
      what: `${what}, in Redis, one at a time`,
      measured: shown(spread(shared[name]), 'us until the answer'),
      goal: 'one round trip',
    }));
  } finally {
    server.kill();
    await once(server, 'exit');
    await rm(folder, { recursive: true });
  }
}

type Batch = (policy: CompiledPolicy, flow: Flow) => Promise<number>;

function contenders(runtime: Runtime, run: Batch): Readonly<Record<Name, () => Promise<number>>> {
  const contender = (name: Name) => {
    const policy = runtime.compile(parsePolicy(policies[name]));
    const flow = runtime.newFlow({ variables: { 'apiproxy.name': 'p', 'apiproxy.revision': '1' } });
    return () => run(policy, flow);
  };
  return {
    quota: contender('quota'),
    rolling: contender('rolling'),
    spikeArrest: contender('spikeArrest'),
  };
}

/** CPU of the whole process for one run, in microseconds. */
const inMemoryBatch: Batch = (policy, flow) => {
  const before = process.cpuUsage();
  for (let count = 0; count < batch; count += 1) {
    flow.variables.set('k', `identifier-${count % identifiers}`);
    if (policy.run(flow) !== undefined) throw new Error('It waited.');
  }
  const { user, system } = process.cpuUsage(before);
  return Promise.resolve((user + system) / batch);
};

/** Microseconds from one run's start to its answer, one after the other. */
const inRedisBatch: Batch = async (policy, flow) => {
  const runs = 1_000;
  const started = performance.now();
  for (let count = 0; count < runs; count += 1) {
    flow.variables.set('k', `identifier-${count % identifiers}`);
    await policy.run(flow);
  }
  return ((performance.now() - started) * 1_000) / runs;
};

function entries(record: Readonly<Record<Name, string>>): readonly (readonly [Name, string])[] {
  return Object.entries(record) as [Name, string][];
}
