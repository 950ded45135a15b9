import type { FlowSeed } from '../lib/index.ts';
import { geocodeAnswer, geocodePolicyText, geocodeSeed } from './geocode.ts';

/** A million callouts of one kind. */
export interface MemoryCase {
  readonly policy: string;
  readonly seed: (number: number) => FlowSeed;
}

const fireAndForget = geocodePolicyText.replace(/<Response>.*<\/Response>/, '');

/** Every text that something inside might remember differs from call to call. */
const changingTexts = `
<ServiceCallout name="SC-Changing">
  <Request variable="geocodeRequest">
    <Set>
      <Headers>
        <Header name="X-Picked">{jsonPath(path,answer)}</Header>
        <Header name="X-Replaced">{replaceAll(text,pattern,'-')}</Header>
      </Headers>
      <QueryParams>
        <QueryParam name="address">{request.queryparam.postalcode}</QueryParam>
      </QueryParams>
    </Set>
  </Request>
  <Response>geocodeResponse</Response>
  <HTTPTargetConnection>
    <URL>https://{host}/maps/{path}</URL>
  </HTTPTargetConnection>
</ServiceCallout>`;

const postalCode = (number: number): FlowSeed => geocodeSeed(`D-${number}`);

export const memoryCases = {
  'waiting for the response': { policy: geocodePolicyText, seed: postalCode },
  'fire and forget': { policy: fireAndForget, seed: postalCode },
  'URL, path, pattern and variable names all new': {
    policy: changingTexts,
    seed: (number) => ({
      ...postalCode(number),
      variables: {
        [`name-${number}`]: number,
        host: `host-${number}.example.com`,
        path: `$.results[?(@.n != ${number})].types`,
        text: `D-${number}`,
        pattern: `(D-)?${number}$`,
        answer: geocodeAnswer,
      },
    }),
  },
} as const satisfies Readonly<Record<string, MemoryCase>>;
