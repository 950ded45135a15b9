import type { FlowValue } from '../../message/flow-value.ts';
import { valueBytes } from '../../state/cached-value.ts';
import type { Caches } from '../../state/caches.ts';
import { StateUnavailableError, type Awaitable } from '../../state/state.ts';
import type { Flow } from '../../variables/flow.ts';

/** Bytes of a key, and of an entry, that a cache takes ("Limits"). */
const longestKey = 2 * 1024;
const longestValue = 256 * 1024;

/**
 * A policy's way to its cache. A cache that is away holds nothing and takes nothing, and the flow goes
 * on; the store's own log tells of it.
 */
export class CacheAccess {
  readonly #caches: Caches;
  readonly #cache: string;
  readonly #policy: string;
  #toldOfLength = false;

  /** @param cache empty for the cache that all share */
  constructor(caches: Caches, cache: string, policy: string) {
    this.#caches = caches;
    this.#cache = cache;
    this.#policy = policy;
  }

  /** Undefined if there is no entry, or if finding it takes longer than so many milliseconds. */
  get(key: string, timeout: number, flow: Flow): Awaitable<FlowValue> {
    if (isTooLong(key)) return undefined;
    return unlessAway(() => {
      const found = this.#caches.get(this.#cache, key);
      return found instanceof Promise ? withinTime(found, timeout, flow) : found;
    });
  }

  /** Keeps a value for so many milliseconds; one that is too long for a cache is told the operator once. */
  put(key: string, value: FlowValue, lifetime: number, flow: Flow): Awaitable<void> {
    const bytes = valueBytes(value);
    if (isTooLong(key) || bytes > longestValue) {
      this.#tellOfLength(key, bytes, flow);
      return;
    }
    return unlessAway(() => this.#caches.put(this.#cache, key, value, lifetime));
  }

  delete(key: string): Awaitable<void> {
    if (isTooLong(key)) return;
    return unlessAway(() => this.#caches.delete(this.#cache, key));
  }

  deletePrefix(prefix: string): Awaitable<void> {
    if (isTooLong(prefix)) return;
    return unlessAway(() => this.#caches.deletePrefix(this.#cache, prefix));
  }

  #tellOfLength(key: string, valueLength: number, { host }: Flow): void {
    if (this.#toldOfLength) return;
    this.#toldOfLength = true;
    host.log.warn(
      { policy: this.#policy, keyBytes: Buffer.byteLength(key), valueBytes: valueLength },
      `Not cached: a key may have ${longestKey} bytes, and a value ${longestValue}`,
    );
  }
}

function isTooLong(key: string): boolean {
  return key.length > longestKey || Buffer.byteLength(key) > longestKey;
}

function unlessAway<Value>(use: () => Awaitable<Value>): Awaitable<Value | undefined> {
  const whileAway = (error: unknown): undefined => {
    if (!(error instanceof StateUnavailableError)) throw error;
  };
  try {
    const pending = use();
    return pending instanceof Promise ? pending.catch(whileAway) : pending;
  } catch (error) {
    whileAway(error);
    return undefined;
  }
}

async function withinTime(
  pending: Promise<FlowValue>,
  timeout: number,
  { host }: Flow,
): Promise<FlowValue> {
  let timer: { cancel(): void } | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = host.clock.after(timeout, () => {
      resolve(undefined);
    });
  });
  // Who comes late may fail; nobody listens then.
  pending.catch(() => undefined);
  try {
    return await Promise.race([pending, late]);
  } finally {
    timer?.cancel();
  }
}
