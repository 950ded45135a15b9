import { readFile } from 'node:fs/promises';
import { createRuntime, Fault, parsePolicy } from 'apigee-interpreter';

const file = 'fixtures/policies/SC-Geocode.xml';
const policy = parsePolicy(await readFile(file), { file });
const runtime = createRuntime({
  upstreams: { 'https://geocoding.example.com': process.argv[2] ?? '' },
});
const geocode = runtime.compile(policy);

const flow = runtime.newFlow({ request: { message: 'request', path: '/?postalcode=94043' } });
try {
  await geocode.run(flow);
  console.log(flow.variables.get('geocodeResponse.content'));
} catch (error) {
  console.error(error instanceof Fault ? `${error.code}: ${error.faultstring}` : error);
}
await runtime.close();
