import { readFileSync } from 'node:fs';
import {
  createRuntime,
  parsePolicy,
  type CompiledPolicy,
  type FlowSeed,
  type IncomingResponse,
  type Runtime,
  type RuntimeOptions,
  type GivenTransport,
} from '../lib/index.ts';

/** The path is from the package's root, where npm starts its scripts. */
export const geocodePolicyText = readFileSync('fixtures/policies/SC-Geocode.xml', 'utf8');

/** What the service answers. */
export const geocodeAnswer = JSON.stringify({
  status: 'OK',
  results: [
    {
      formatted_address: 'Mountain View, CA 94043, USA',
      geometry: { location: { lat: 37.4224764, lng: -122.0842499 }, location_type: 'APPROXIMATE' },
      types: ['postal_code'],
    },
  ],
});

/** Names a postal code that no other call of this process named. */
export function nextPostalCode(): string {
  number += 1;
  return `D-${number}`;
}
let number = 0;

/** A client's request for a postal code. */
export function geocodeSeed(postalCode: string): FlowSeed {
  return { request: { message: 'request', queryParams: { postalcode: postalCode } } };
}

export function compiledRuntime(
  xml: string,
  options: RuntimeOptions,
): { runtime: Runtime; policy: CompiledPolicy } {
  const runtime = createRuntime(options);
  return { runtime, policy: runtime.compile(parsePolicy(xml)) };
}

/** Answers at once, so that only what surrounds the call is measured. */
export function stubTransport(): GivenTransport {
  const response: IncomingResponse = {
    status: 200,
    reason: 'OK',
    version: '1.1',
    headers: [
      ['Content-Type', 'application/json'],
      ['Date', 'Thu, 01 Jan 1970 00:00:00 GMT'],
      ['Content-Length', String(Buffer.byteLength(geocodeAnswer))],
      ['Connection', 'keep-alive'],
    ],
    body: Buffer.from(geocodeAnswer),
  };
  return { send: () => Promise.resolve(response), close: () => Promise.resolve() };
}
