import type { Clock } from '../host/clock.ts';
import type { Counters, CounterStore, CounterId } from './counters.ts';
import { BoundedBuckets, type Expiring } from './counting/bounded-buckets.ts';
import { FixedWindowCounter } from './counting/fixed-window.ts';
import { RollingWindowCounter } from './counting/rolling-window.ts';
import { TokenBucket } from './counting/token-bucket.ts';

export interface MemoryCountersOptions {
  /** What windows and rates are measured by. */
  readonly clock: Clock;
  /** Most buckets of one policy, such as identifiers of a Quota; 100,000 unless given. */
  readonly buckets?: number;
}

/** Counters that live and die with the process. No call waits, and none fails. */
export function createMemoryCounters(options: MemoryCountersOptions): Counters {
  const store = createMemoryCounterStore(options);
  return { shared: store, local: store };
}

/** @internal One store of counters in memory. */
export function createMemoryCounterStore({
  clock,
  buckets = 100_000,
}: MemoryCountersOptions): CounterStore {
  const fixed = new Families(() => new FixedWindowCounter(), buckets);
  const rolling = new Families(() => new RollingWindowCounter(), buckets);
  const tokens = new Families(() => new TokenBucket(), buckets);
  return {
    charge(counter, charge) {
      const { window } = charge;
      const now = clock.now();
      return window.kind === 'rolling'
        ? rolling.change(counter, now, (one) => one.charge(now, window.length, charge))
        : fixed.change(counter, now, (one) => one.charge(now, window, charge));
    },
    giveBack(counter, kind, amount) {
      if (kind === 'rolling') rolling.find(counter)?.giveBack(amount);
      else fixed.find(counter)?.giveBack(clock.now(), amount);
    },
    take(bucket, rate, weight) {
      const now = clock.now();
      return tokens.change(bucket, now, (one) => one.take(now, rate, weight));
    },
  };
}

/** Buckets by policy. Each policy has bounds of its own, so that none can push out those of another. */
class Families<Bucket extends Expiring> {
  readonly #create: () => Bucket;
  readonly #most: number;
  readonly #families = new Map<string, BoundedBuckets<Bucket>>();

  constructor(create: () => Bucket, most: number) {
    this.#create = create;
    this.#most = most;
  }

  find({ family, bucket }: CounterId): Bucket | undefined {
    return this.#families.get(family)?.use(bucket);
  }

  /** Changes a bucket; a new one is kept only if there is something to remember afterwards. */
  change<Result>(
    { family, bucket }: CounterId,
    now: number,
    change: (bucket: Bucket) => Result,
  ): Result {
    const buckets = this.#of(family);
    const known = buckets.use(bucket);
    if (known !== undefined) return change(known);
    const fresh = this.#create();
    const result = change(fresh);
    if (fresh.expires > now) buckets.add(bucket, fresh, now);
    return result;
  }

  #of(family: string): BoundedBuckets<Bucket> {
    const known = this.#families.get(family);
    if (known !== undefined) return known;
    const buckets = new BoundedBuckets<Bucket>(this.#most);
    this.#families.set(family, buckets);
    return buckets;
  }
}
