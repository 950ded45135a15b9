import { callout } from './callout.ts';
import { javascript } from './javascript.ts';
import { memory } from './memory.ts';
import { overhead } from './overhead.ts';
import { state } from './state.ts';
import { template } from './template.ts';
import { traffic } from './traffic.ts';

const benchmarks: ReadonlyMap<string, () => Promise<void>> = new Map([
  ['callout', callout],
  ['javascript', javascript],
  ['overhead', overhead],
  ['state', state],
  ['template', template],
  ['traffic', traffic],
  ['memory', memory],
]);

const asked = process.argv.slice(2);
for (const name of asked.length === 0 ? benchmarks.keys() : asked) {
  const benchmark = benchmarks.get(name);
  if (benchmark === undefined) {
    console.error(
      `There is no benchmark "${name}"; there are ${[...benchmarks.keys()].join(', ')}.`,
    );
    process.exit(1);
  }
  await benchmark();
}
