import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import { wholeNumber } from '../xml/grammar/value.ts';
import type { PropertiesNode } from './grammar/target-connections.ts';
import { defaultSuccessCodes, parseSuccessCodes, type SuccessCodes } from './success-codes.ts';
import type { TransportLimits } from './transport.ts';

/** The endpoint properties that this runtime acts on ("Endpoint properties reference"). */
export interface ConnectionProperties {
  readonly limits: TransportLimits;
  readonly successCodes: SuccessCodes;
  /** How a body is sent: in the coding it came in, unless the property names one. */
  readonly compression: 'as-received' | 'gzip' | 'deflate' | 'none';
  readonly useProxy: boolean;
  readonly useProxyTunneling: boolean;
  /** What of the client's request, and of the response, a target endpoint passes on. */
  readonly retainedRequestHeaders: Retention;
  readonly retainedResponseHeaders: Retention;
  readonly retainedQueryParams: Retention;
  /** `ignore.allow.header.for.405`: whether a 405 without Allow passes. */
  readonly allowHeaderFor405: 'ignored' | 'required';
  /** `request.streaming.enabled` and `response.streaming.enabled`; both ends of a proxy must have them. */
  readonly streaming: Streaming;
  /** `allow.post.without.content.length` and its like: methods that need a body of known length. */
  readonly needsLength: ReadonlySet<string>;
}

/** Whether bodies pass as they come, in either direction. */
export interface Streaming {
  readonly request: boolean;
  readonly response: boolean;
}

/** Everything, or only these names; names of headers are in lower case. */
export type Retention = 'all' | ReadonlySet<string>;

const defaults = {
  connectTimeout: 3_000,
  idleTimeout: 55_000,
  keepAlive: 60_000,
  responseBody: 10 * 1024 * 1024,
} as const;

const limitName = 'response.payload.parse.limit';

const largestBody = 30 * 1024 * 1024;

interface Property {
  readonly value: string;
  readonly location: Location;
}

/** Reads the properties of a connection. Names that are not known have no effect; bad values are reported. */
export function connectionProperties(
  node: PropertiesNode | undefined,
  report: Report,
): ConnectionProperties {
  const properties = new Map<string, Property>();
  for (const { name, value, location } of node?.property ?? []) {
    if (value !== undefined && value !== '') properties.set(name, { value, location });
  }
  const milliseconds = (name: string, fallback: number): number => {
    const property = properties.get(name);
    const number = property === undefined ? fallback : wholeNumber(property.value);
    if (number !== undefined && number >= 0) return number;
    if (property !== undefined)
      reportProperty(property, name, 'a whole number of milliseconds', report);
    return fallback;
  };
  const limit = properties.get(limitName);
  return {
    limits: {
      connectTimeout: milliseconds('connect.timeout.millis', defaults.connectTimeout),
      idleTimeout: milliseconds('io.timeout.millis', defaults.idleTimeout),
      keepAlive: milliseconds('keepalive.timeout.millis', defaults.keepAlive),
      responseBody:
        limit === undefined ? defaults.responseBody : payloadLimit(limitName, limit, report),
    },
    successCodes: successCodes(properties.get('success.codes'), report),
    compression: compression(properties.get('compression.algorithm'), report),
    useProxy: properties.get('use.proxy')?.value.toLowerCase() !== 'false',
    retainedRequestHeaders: retention(properties, 'request.retain.headers', 'caseless'),
    retainedResponseHeaders: retention(properties, 'response.retain.headers', 'caseless'),
    retainedQueryParams: retention(properties, 'retain.queryparams', 'as-written'),
    allowHeaderFor405:
      properties.get('ignore.allow.header.for.405')?.value.toLowerCase() === 'false'
        ? 'required'
        : 'ignored',
    streaming: {
      request: isOn(properties, 'request.streaming.enabled'),
      response: isOn(properties, 'response.streaming.enabled'),
    },
    needsLength: new Set(
      ['POST', 'PUT'].filter(
        (method) =>
          properties
            .get(`allow.${method.toLowerCase()}.without.content.length`)
            ?.value.toLowerCase() !== 'true',
      ),
    ),
    useProxyTunneling: properties.get('use.proxy.tunneling')?.value.toLowerCase() !== 'false',
  };
}

function isOn(properties: ReadonlyMap<string, Property>, name: string): boolean {
  return properties.get(name)?.value.trim().toLowerCase() === 'true';
}

/** A list of names overrides the switch beside it, which keeps everything unless it is false. */
function retention(
  properties: ReadonlyMap<string, Property>,
  name: string,
  names: 'caseless' | 'as-written',
): Retention {
  const listed = properties.get(name)?.value;
  if (listed !== undefined) {
    const text = names === 'caseless' ? listed.toLowerCase() : listed;
    return new Set(text.split(',').map((item) => item.trim()));
  }
  const isKept = properties.get(`${name}.enabled`)?.value.toLowerCase() !== 'false';
  return isKept ? 'all' : new Set();
}

function successCodes(property: Property | undefined, report: Report): SuccessCodes {
  if (property === undefined) return defaultSuccessCodes;
  return parseSuccessCodes(property.value, (item) => {
    report(
      diagnosticAt(
        property.location,
        'warning',
        'invalid-success-code',
        `success.codes holds "${item}", which is neither a status code nor a class; it is left out.`,
        'Write codes such as 404 or classes such as 2xx, separated by commas.',
      ),
    );
  });
}

function compression(
  property: Property | undefined,
  report: Report,
): ConnectionProperties['compression'] {
  const name = property?.value.toLowerCase();
  if (name === 'gzip' || name === 'deflate' || name === 'none') return name;
  if (property !== undefined) {
    reportProperty(property, 'compression.algorithm', 'gzip, deflate or none', report);
  }
  return 'as-received';
}

/**
 * The size that a property such as `request.payload.parse.limit` gives, in bytes. Apigee takes 10M to 30M
 * and refuses a deployment with anything else.
 */
export function payloadLimit(name: string, property: Property, report: Report): number {
  const parts = /^(\d{1,12})\s*([kmg]?)b?$/i.exec(property.value);
  const unit = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[parts?.[2]?.toLowerCase() ?? ''] ?? 1;
  const bytes = Number(parts?.[1] ?? Number.NaN) * unit;
  if (bytes >= defaults.responseBody && bytes <= largestBody) return bytes;
  report(
    diagnosticAt(
      property.location,
      'error',
      'invalid-parse-limit',
      `${name} is "${property.value}", outside 10M to 30M.`,
      'Write a size from 10M to 30M.',
    ),
  );
  return defaults.responseBody;
}

function reportProperty(
  { value, location }: Property,
  name: string,
  expected: string,
  report: Report,
): void {
  report(
    diagnosticAt(
      location,
      'warning',
      'invalid-property',
      `The property ${name} is "${value}"; its default is used.`,
      `Write ${expected}.`,
    ),
  );
}
