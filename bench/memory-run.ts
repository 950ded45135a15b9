/** Runs one case, named on the command line; needs --expose-gc. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { compiledRuntime, stubTransport } from './geocode.ts';
import { memoryCases, type MemoryCase } from './memory-cases.ts';
import { slope } from './slope.ts';

const callouts = 1_000_000;
const between = 100_000;

const name = process.argv[2] ?? '';
const known = Object.entries<MemoryCase>(memoryCases).find(([title]) => title === name);
if (known === undefined || !('gc' in globalThis)) {
  throw new Error('Started by the memory benchmark only');
}
const [, { policy: xml, seed }] = known;
const { runtime, policy } = compiledRuntime(xml, { transport: stubTransport() });

const heap: number[] = [];
for (let number = 1; number <= callouts; number += 1) {
  await policy.run(runtime.newFlow(seed(number)));
  // A call that nobody waits for ends within the turn of the event loop.
  if (number % 100 === 0) await nextTurn();
  if (number % between > 0) continue;
  await globalThis.gc?.({ execution: 'async' });
  await globalThis.gc?.({ execution: 'async' });
  heap.push(process.memoryUsage().heapUsed);
}
await runtime.close();

console.log(`  ${name}`);
console.log(`    ${heap.map((bytes) => (bytes / 1e6).toFixed(2)).join('  ')}`);
console.log(
  `    slope ${slope(heap, between).toFixed(3)} bytes a callout; goal: flat, below 1 byte`,
);
