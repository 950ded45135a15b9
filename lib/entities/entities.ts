/** What an AccessEntity policy looks for. */
export interface EntityQuery {
  /** As the policy has it: `app`, `developer`, `apiproduct`, `consumerkey`, ... */
  readonly type: string;
  readonly identifier: EntityIdentifier;
  readonly secondary?: EntityIdentifier;
}

export interface EntityIdentifier {
  /** `consumerkey`, `appname`, `developeremail`, ... */
  readonly type: string;
  readonly value: string;
}

/** An entity in the shape that the management API gives it: `{ appId, name, credentials: [...] }`. */
export type Entity = Readonly<Record<string, unknown>>;

/** Developers, apps, keys and API products, as AccessEntity policies read them. */
export interface Entities {
  /** Undefined if there is no such entity. */
  find(query: EntityQuery): Entity | undefined | Promise<Entity | undefined>;
}

export const noEntities: Entities = { find: () => undefined };
