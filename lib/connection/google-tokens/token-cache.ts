import type { Clock } from '../../host/clock.ts';

export interface MintedToken {
  readonly token: string;
  /** Milliseconds since 1970; undefined if it cannot be known, and the token is then used once. */
  readonly expiresAt: number | undefined;
}

export interface TokenCache {
  /**
   * The token kept under `key`, or a new one. Requests for one key at one time share one flight; a flight
   * that fails leaves nothing behind.
   */
  get(key: string, mint: () => Promise<MintedToken>): Promise<string>;
}

/** A token this near to its end could expire on its way. */
const refreshMilliseconds = 60_000;

/** Keeps at most `capacity` tokens; the one used longest ago goes first. */
export function createTokenCache(clock: Pick<Clock, 'now'>, capacity: number): TokenCache {
  const kept = new Map<string, MintedToken>();
  const flights = new Map<string, Promise<string>>();

  function fresh(key: string): string | undefined {
    const found = kept.get(key);
    if (found?.expiresAt === undefined) return undefined;
    kept.delete(key);
    if (clock.now() >= found.expiresAt - refreshMilliseconds) return undefined;
    kept.set(key, found);
    return found.token;
  }

  async function fly(key: string, mint: () => Promise<MintedToken>): Promise<string> {
    const minted = await mint();
    if (minted.expiresAt !== undefined) keep(key, minted);
    return minted.token;
  }

  function keep(key: string, minted: MintedToken): void {
    kept.delete(key);
    kept.set(key, minted);
    const [oldest] = kept.keys();
    if (kept.size > capacity && oldest !== undefined) kept.delete(oldest);
  }

  return {
    async get(key, mint) {
      const token = fresh(key);
      if (token !== undefined) return token;
      const underWay = flights.get(key);
      if (underWay !== undefined) return underWay;
      const flight = fly(key, mint);
      const land = () => flights.delete(key);
      flights.set(key, flight);
      flight.then(land, land);
      return flight;
    },
  };
}
