// Run by limits.test.ts in a process of its own, whose heap is small: prints the finding and the
// milliseconds of each hostile document.
import { hostile } from './hostile.ts';
import { places, reading } from './reading.ts';

const results = hostile.map(({ attack, xml }) => {
  const text = xml();
  const start = performance.now();
  const findings = places(reading(text).diagnostics);
  return { attack, findings, milliseconds: Math.round(performance.now() - start) };
});
process.stdout.write(JSON.stringify(results));
