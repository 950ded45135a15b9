import type { LoopbackDoor } from '../verification/doubles/loopback-upstreams.ts';
import { UsageError } from './exit.ts';
import { requireUrl, splitPair } from './upstream-option.ts';

/**
 * Where a gateway calls an origin on loopback, of `--upstream ORIGIN=URL`.
 * @throws {UsageError}
 */
export function loopbackDoors(
  pairs: readonly string[],
): readonly (LoopbackDoor & { readonly origin: string })[] {
  return pairs.map((pair) => {
    const [from, to] = splitPair(pair, '--upstream', 'ORIGIN=URL');
    const { origin } = requireUrl(from, '--upstream', pair);
    const url = requireUrl(to, '--upstream', pair);
    if (url.protocol !== 'http:' || !isLoopback(url.hostname))
      throw new UsageError(`--upstream ${pair}: write a URL such as http://127.0.0.1:9001`);
    const port = url.port === '' ? 80 : Number(url.port);
    return { origin, port, prefix: url.pathname.replace(/\/+$/, '') };
  });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || /^127(?:\.\d+){3}$/.test(host);
}
