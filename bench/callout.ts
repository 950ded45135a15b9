import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { flowValueText } from '../lib/message/flow-value.ts';
import {
  compiledRuntime,
  geocodeAnswer,
  geocodePolicyText,
  geocodeSeed,
  nextPostalCode,
} from './geocode.ts';
import { ratios, spread, takeTurns } from './rounds.ts';
import { printTable, shown } from './table.ts';

const inFlight = 32;
const milliseconds = 500;
const rounds = 24;

/** A call of the service: the postal code in, the answer's text out. */
type Call = (postalCode: string) => Promise<string>;

/** Callouts over loopback against the same request written by hand with undici. */
export async function callout(): Promise<void> {
  for (const kind of ['http', 'bare'] as const) await against(kind);
}

async function against(kind: 'http' | 'bare'): Promise<void> {
  const backEnd = fork(fileURLToPath(new URL('./back-end.js', import.meta.url)), [kind]);
  const [port] = (await once(backEnd, 'message')) as [number];
  const origin = `http://127.0.0.1:${port}`;
  const byHand = writtenByHand(origin);
  const ours = throughPolicy(origin);
  try {
    for (const { call } of [byHand, ours]) {
      if ((await call('1')) !== geocodeAnswer) throw new Error('The answers differ');
    }
    const cost = { byHand: [] as number[], ours: [] as number[] };
    const figures = await takeTurns(
      {
        byHand: () => callsASecond(byHand.call, cost.byHand),
        ours: () => callsASecond(ours.call, cost.ours),
      },
      rounds,
    );
    const rate = spread(ratios(figures.ours, figures.byHand));
    const cpu = spread(ratios(cost.ours, cost.byHand));
    printTable(
      kind === 'http'
        ? `callout: ${inFlight} in flight, back end is node:http in another process`
        : `callout: the same, back end sends fixed bytes, so that the client is the bottleneck`,
      [
        { what: 'undici by hand', measured: shown(spread(figures.byHand), 'calls/s') },
        {
          what: 'ServiceCallout',
          measured: shown(spread(figures.ours), 'calls/s'),
          ratio: shown(rate, 'of its throughput'),
          goal: 'at least 0.9',
        },
        {
          what: 'undici by hand',
          measured: shown(spread(cost.byHand.slice(1)), 'us of CPU a call'),
        },
        {
          what: 'ServiceCallout',
          measured: shown(spread(cost.ours.slice(1)), 'us of CPU a call'),
          ratio: shown(cpu, 'of its CPU'),
        },
      ],
    );
  } finally {
    await ours.close();
    await byHand.close();
    backEnd.disconnect();
  }
}

interface Contestant {
  readonly call: Call;
  close(): Promise<void>;
}

function writtenByHand(origin: string): Contestant {
  const pool = new Pool(origin, {
    connections: inFlight,
    keepAliveTimeout: 60_000,
    headersTimeout: 30_000,
    bodyTimeout: 30_000,
  });
  return {
    async call(postalCode) {
      const query = `address=${encodeURIComponent(postalCode)}&region=${encodeURIComponent('US')}&sensor=false`;
      const { statusCode, body } = await pool.request({
        method: 'GET',
        path: `/maps/api/geocode/json?${query}`,
        headers: {
          Accept: 'application/json',
          'X-Request-Id': randomUUID(),
        },
      });
      const text = await body.text();
      if (statusCode >= 400) throw new Error(`The service answered ${statusCode}`);
      return text;
    },
    close: () => pool.close(),
  };
}

function throughPolicy(origin: string): Contestant {
  const { runtime, policy } = compiledRuntime(
    geocodePolicyText.replace('https://geocoding.example.com', origin),
    {},
  );
  return {
    async call(postalCode) {
      const flow = runtime.newFlow(geocodeSeed(postalCode));
      await policy.run(flow);
      return flowValueText(flow.variables.get('geocodeResponse.content'));
    },
    close: () => runtime.close(),
  };
}

async function callsASecond(call: Call, cost: number[]): Promise<number> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const end = start + milliseconds;
  let calls = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() < end) {
      const text = await call(nextPostalCode());
      if (text.length !== geocodeAnswer.length) throw new Error('The answer is not whole');
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  cost.push((user + system) / calls);
  return calls / seconds;
}
