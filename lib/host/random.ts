import { randomBytes, randomUUID } from 'node:crypto';

/** Chance, as the runtime sees it. Tests and replays give a source of their own. */
export interface Random {
  /** A random (version 4) UUID, lower case with dashes. */
  uuid(): string;
  /** `count` bytes, cryptographically secure unless the host says otherwise. */
  bytes(count: number): Uint8Array;
}

export const secureRandom: Random = {
  uuid: () => randomUUID(),
  bytes: (count) => randomBytes(count),
};
