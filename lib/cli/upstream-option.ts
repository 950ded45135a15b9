import { UsageError } from './exit.ts';

/**
 * Origins and the URLs they go to, of `--upstream ORIGIN=URL`.
 *
 * @throws {UsageError}
 */
export function upstreams(pairs: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [origin, url] = splitPair(pair, '--upstream', 'ORIGIN=URL');
      requireUrl(url, '--upstream', pair);
      return [origin, url];
    }),
  );
}

/** @throws {UsageError} for what is no http or https URL */
export function requireUrl(text: string, flag: string, given: string = text): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new UsageError(`${flag} ${given}: "${text}" is no http or https URL`);
}

/** The two sides of an option's `NAME=VALUE`. @throws {UsageError} for a text without them */
export function splitPair(pair: string, flag: string, form: string): readonly [string, string] {
  const equals = pair.indexOf('=');
  if (equals > 0) return [pair.slice(0, equals), pair.slice(equals + 1)];
  throw new UsageError(`${flag} ${pair}: write it as ${form}`);
}
