import { isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import type { Origin } from './transport.ts';

/** A target's URL in three parts that never influence each other. */
export interface TargetUrl {
  readonly origin: Origin;
  /** As written: empty, or starting with `/`. */
  readonly path: string;
  /** As written, without the question mark; undefined if there is none. */
  readonly query: string | undefined;
}

const scheme = /^https?:\/\//i;
const asciiHost = /^[a-z0-9._-]+$/;
/** An ASCII character that no host name holds. */
const strangeAscii = /(?![a-z0-9._-])[\0-\x7f]/;
const port = /^[0-9]{1,5}$/;

/**
 * Reads an absolute `http` or `https` URL. Unlike a browser's URL parser it keeps path and query
 * as they are written (`..`, `%2e`, case, encoding) and drops the fragment.
 *
 * The authority ends at the first `/`, `?` or `#`. A backslash, `@`, `%` or blank in it makes the
 * URL malformed: a user part is refused rather than dropped, so that a value spliced in behind a
 * host name (`http://good.example{suffix}`) cannot turn that name into a user part.
 *
 * @returns undefined if the text is malformed
 */
export function parseTargetUrl(text: string): TargetUrl | undefined {
  const start = scheme.exec(text)?.[0].length;
  if (start === undefined) return undefined;
  let end = start;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code === 0x2f || code === 0x3f || code === 0x23) break;
    end += 1;
  }
  const origin = parseAuthority(start === 7 ? 'http' : 'https', text.slice(start, end));
  if (origin === undefined) return undefined;

  const fragment = text.indexOf('#', end);
  const rest = fragment < 0 ? text.slice(end) : text.slice(end, fragment);
  const question = rest.indexOf('?');
  return question < 0
    ? { origin, path: rest, query: undefined }
    : { origin, path: rest.slice(0, question), query: rest.slice(question + 1) };
}

/** The origin that `host`, `host:port` or `[address]:port` stands for; undefined if malformed. */
function parseAuthority(scheme: 'http' | 'https', authority: string): Origin | undefined {
  const bracket = authority.startsWith('[') ? authority.indexOf(']') : -1;
  const colon = authority.indexOf(':', bracket + 1);
  const name = colon < 0 ? authority : authority.slice(0, colon);
  const host = bracket < 0 ? parseHost(name) : parseAddress(name);
  if (host === undefined) return undefined;

  const digits = colon < 0 ? '' : authority.slice(colon + 1);
  if (digits === '') return { scheme, host, port: scheme === 'http' ? 80 : 443 };
  const number = port.test(digits) ? Number(digits) : 0;
  return number < 1 || number > 65_535 ? undefined : { scheme, host, port: number };
}

/** The value of a Host header for this origin: the port only where it is not the scheme's own. */
export function hostHeader(origin: Origin): string {
  const host = urlHost(origin.host);
  return origin.port === (origin.scheme === 'http' ? 80 : 443) ? host : `${host}:${origin.port}`;
}

/** A host as URLs write it: an IPv6 address in brackets. */
export function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** `scheme://host:port`, always with the port: equal for equal origins. */
export function originKey(origin: Origin): string {
  return `${origin.scheme}://${origin.host}:${origin.port}`;
}

function parseHost(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (asciiHost.test(lower)) return lower.length <= 253 ? lower : undefined;
  // Half-width and full-width forms of `/`, `@` and the like would fold to delimiters.
  if (name === '' || strangeAscii.test(lower.normalize('NFKC'))) return undefined;
  const converted = domainToASCII(name);
  return asciiHost.test(converted) && converted.length <= 253 ? converted : undefined;
}

function parseAddress(bracketed: string): string | undefined {
  const address = bracketed.slice(1, -1).toLowerCase();
  const whole = bracketed.endsWith(']') && !address.includes('%') && isIPv6(address);
  return whole ? address : undefined;
}
