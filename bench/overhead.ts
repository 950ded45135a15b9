import type { Flow } from '../lib/index.ts';
import {
  compiledRuntime,
  geocodeAnswer,
  geocodePolicyText,
  geocodeSeed,
  nextPostalCode,
  stubTransport,
} from './geocode.ts';
import { spread, takeTurns } from './rounds.ts';
import { printTable, shown } from './table.ts';

// Small enough that a whole batch of flows is young when it is collected, as in a server.
const batch = 100;
const batches = 200;
const rounds = 15;

/** What a callout costs around the call itself: the request, the variables, the response. */
export async function overhead(): Promise<void> {
  const { runtime, policy } = compiledRuntime(geocodePolicyText, { transport: stubTransport() });
  const newFlow = (): Flow => runtime.newFlow(geocodeSeed(nextPostalCode()));
  const callOut = async (flow: Flow): Promise<void> => {
    await policy.run(flow);
    const answer = flow.variables.get('geocodeResponse.content');
    if (answer !== geocodeAnswer) throw new Error('The response is not there');
  };

  const figures = await takeTurns(
    {
      withFlow: () =>
        microseconds(async () => {
          for (let count = 0; count < batch; count += 1) await callOut(newFlow());
        }),
      withoutFlow() {
        let flows: Flow[] = [];
        return microseconds(
          async () => {
            for (const flow of flows) await callOut(flow);
          },
          () => {
            flows = Array.from({ length: batch }, newFlow);
          },
        );
      },
      flowOnly: () =>
        microseconds(() => {
          for (let count = 0; count < batch; count += 1) newFlow();
        }),
    },
    rounds,
  );
  await runtime.close();
  printTable('overhead: SC-Geocode with a transport that answers at once', [
    {
      what: 'callout with a new flow',
      measured: shown(spread(figures.withFlow), 'us of CPU'),
      goal: 'at most 10 us',
    },
    {
      what: 'callout in a flow that is there',
      measured: shown(spread(figures.withoutFlow), 'us of CPU'),
      goal: 'at most 10 us',
    },
    { what: 'new flow alone', measured: shown(spread(figures.flowOnly), 'us of CPU') },
  ]);
}

/** CPU of the whole process, garbage collection and compiler threads included, for one of the batch. */
async function microseconds(
  run: () => void | Promise<void>,
  prepare?: () => void,
): Promise<number> {
  let used = 0;
  for (let count = 0; count < batches; count += 1) {
    prepare?.();
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    used += user + system;
  }
  return used / (batches * batch);
}
