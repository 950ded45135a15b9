import type { Awaitable } from './state.ts';

/** A key-value map of an organization, an environment, a proxy or a policy. */
export interface MapId {
  readonly scope: 'organization' | 'environment' | 'apiproxy' | 'policy';
  /** Names from the organization down to what the scope says, such as `acme`, `test`, `orders`. */
  readonly owner: readonly string[];
  readonly name: string;
}

/** Whether an entry that exists stays as it is. */
export type Existing = 'keep' | 'replace';

/** Entries kept until they are deleted; none ever makes room for another. */
export interface KeyValueMaps {
  /** The values of an entry; undefined if there is none. @throws {StateUnavailableError} */
  get(map: MapId, key: string): Awaitable<readonly string[] | undefined>;
  /** @throws {StateUnavailableError} also when there is no room left */
  put(map: MapId, key: string, values: readonly string[], existing: Existing): Awaitable<void>;
  /** @throws {StateUnavailableError} */
  delete(map: MapId, key: string): Awaitable<void>;
  /**
   * Has entries in place before anything else is read or written here: at once, or as soon as the store
   * answers. Until then everything else fails as while the store is away.
   */
  seed(map: MapId, entries: ReadonlyMap<string, readonly string[]>, existing: Existing): void;
}
