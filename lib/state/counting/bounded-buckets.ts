/** Something that need not be kept any longer once a moment has passed. */
export interface Expiring {
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/**
 * Buckets by name, at most so many. A new one takes the place of those that expired, and where none did
 * of the one that was not used for longest; adding never fails.
 */
export class BoundedBuckets<Bucket extends Expiring> {
  readonly #most: number;
  /** The one that was not used for longest comes first. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** The bucket of a name, which is now the one used last. */
  use(name: string): Bucket | undefined {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) return undefined;
    // While there is room for as many again, nothing need be known of which is older.
    if (this.#buckets.size > this.#most / 2) {
      this.#buckets.delete(name);
      this.#buckets.set(name, bucket);
    }
    return bucket;
  }

  add(name: string, bucket: Bucket, now: number): void {
    this.#makeRoom(now);
    this.#buckets.set(name, bucket);
  }

  /** Looks at two for each that is added, so that what expired goes even when nothing is full. */
  #makeRoom(now: number): void {
    let looked = 0;
    for (const [name, { expires }] of this.#buckets) {
      if (expires > now && this.#buckets.size < this.#most) return;
      this.#buckets.delete(name);
      looked += 1;
      if (looked === 2) return;
    }
  }
}
