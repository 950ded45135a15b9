import { spawn } from 'node:child_process';
import path from 'node:path';
import { startGeocodingService } from './geocoding-service.ts';

const root = path.resolve(import.meta.dirname, '../..');
const policy = 'fixtures/policies/SC-Geocode.xml';
const apx = path.join(root, 'dist/cli/apx.js');

/** Runs apx as a person would, its output going where ours goes. */
function run(args: readonly string[]): Promise<number | null> {
  console.log(`\n$ apx ${args.join(' ')}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [apx, ...args], { cwd: root, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', resolve);
  });
}

const service = await startGeocodingService();
const upstream = `https://geocoding.example.com=${service.url}`;
console.log(`A geocoding service listens on ${service.url}. The policy ${policy} calls
https://geocoding.example.com, which --upstream sends there.`);
const found = await run([
  'callout',
  policy,
  '--upstream',
  upstream,
  '--var',
  'request.queryparam.postalcode=94043',
]);

console.log(
  '\nA postal code that the service does not know: 404, which the policy counts as a failure.',
);
const missing = await run([
  'callout',
  policy,
  '--upstream',
  upstream,
  '--var',
  'request.queryparam.postalcode=00000',
]);
service.stop();

console.log(
  `\nThe first run ended with exit code ${String(found)}, the second, a fault, with ${String(missing)}.`,
);
process.exitCode = found === 0 && missing === 1 ? 0 : 1;
