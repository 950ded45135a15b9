// CONTRACT SKETCH
import type { Awaitable } from './state.ts';

/** A key-value map of an organization, an environment, a proxy or a policy. */
export interface MapId {
  readonly scope: 'organization' | 'environment' | 'apiproxy' | 'policy';
  /** Names from the organization down to what the scope says, such as `acme`, `test`, `orders`. */
  readonly owner: readonly string[];
  readonly name: string;
}

export interface KeyValueMaps {
  /** The values of an entry; undefined if there is none. @throws {StateUnavailableError} */
  get(map: MapId, key: string): Awaitable<readonly string[] | undefined>;
  /** `keep` leaves an entry that exists as it is. @throws {StateUnavailableError} */
  put(
    map: MapId,
    key: string,
    values: readonly string[],
    existing: 'keep' | 'replace',
  ): Awaitable<void>;
  /** @throws {StateUnavailableError} */
  delete(map: MapId, key: string): Awaitable<void>;
}
