import type { Clock } from '../host/clock.ts';
import type { KeyValueMaps, MapId } from './key-value-maps.ts';

interface Copy {
  readonly values: readonly string[] | undefined;
  readonly expires: number;
}

/** Entries that are kept at most; the oldest make room. */
const mostCopies = 10_000;

/**
 * Copies of key-value map entries, as Apigee's runtime keeps them: a change that somebody else makes in
 * the store is seen when the copy has expired; a change made here is seen at once. What is not there is
 * not kept.
 */
export class MapCopies {
  readonly #maps: KeyValueMaps;
  readonly #clock: Clock;
  readonly #copies = new Map<string, Copy>();
  /** Counts what was written here, so that an answer asked for before a write is not kept after it. */
  #writes = 0;

  constructor(maps: KeyValueMaps, clock: Clock) {
    this.#maps = maps;
    this.#clock = clock;
  }

  /** The maps, read through copies that live so many milliseconds. */
  view(lifetime: number): KeyValueMaps {
    const maps = this.#maps;
    return {
      get: (map, key) => {
        const id = idOf(map, key);
        const copy = this.#copies.get(id);
        if (copy !== undefined && copy.expires > this.#clock.now()) return copy.values;
        const found = maps.get(map, key);
        if (!(found instanceof Promise)) return this.#keep(id, found, lifetime);
        const writes = this.#writes;
        return found.then((values) =>
          writes === this.#writes ? this.#keep(id, values, lifetime) : values,
        );
      },
      put: (map, key, values, existing) => {
        this.#forget(map, key);
        return maps.put(map, key, values, existing);
      },
      delete: (map, key) => {
        this.#forget(map, key);
        return maps.delete(map, key);
      },
      seed: (map, entries, existing) => {
        maps.seed(map, entries, existing);
      },
    };
  }

  #forget(map: MapId, key: string): void {
    this.#writes += 1;
    this.#copies.delete(idOf(map, key));
  }

  #keep(id: string, values: Copy['values'], lifetime: number): Copy['values'] {
    this.#copies.delete(id);
    if (values === undefined) return undefined;
    this.#copies.set(id, { values, expires: this.#clock.now() + lifetime });
    if (this.#copies.size > mostCopies) {
      for (const oldest of this.#copies.keys()) {
        this.#copies.delete(oldest);
        break;
      }
    }
    return values;
  }
}

function idOf({ scope, owner, name }: MapId, key: string): string {
  return JSON.stringify([scope, owner, name, key]);
}
