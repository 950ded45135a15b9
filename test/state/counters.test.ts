import { expect } from 'chai';
import fc from 'fast-check';
import type {
  Charge,
  ChargeMode,
  CounterStore,
  Rate,
  Usage,
  Window,
} from '../../lib/state/counters.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { BucketModel, CounterModel } from './counter-model.ts';
import { counterStores } from './counter-stores.ts';

const minute = 60_000;
const id = { family: 'f', bucket: 'b' };

/** Milliseconds between one arrival and the next. */
const pause = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 20_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 59_999, 60_000, 60_001) },
);
const mode = fc.constantFrom<ChargeMode>(
  'enforce',
  'enforce',
  'enforce',
  'enforce',
  'check',
  'count',
);
const arrivals = fc.array(fc.record({ pause, weight: fc.constantFrom(1, 1, 1, 0, 2, 3), mode }), {
  maxLength: 40,
});

const windows: Readonly<Record<string, (length: number) => Window>> = {
  aligned: (length) => ({ kind: 'aligned', origin: 0, length }),
  'of an origin still to come': (length) => ({
    kind: 'aligned',
    origin: Date.UTC(2024, 0, 1, 0, 1, 30),
    length,
  }),
  flexi: (length) => ({ kind: 'flexi', length }),
  rolling: (length) => ({ kind: 'rolling', length }),
};

for (const stores of counterStores) {
  describe(`Counters ${stores.name}`, function () {
    if (stores.missing !== undefined) {
      it(`count as those in memory do: ${stores.missing}`);
      return;
    }
    this.timeout(20_000);
    before(() => stores.open());
    after(() => stores.close());

    const charged = async (
      store: CounterStore,
      window: Window,
      { limit = 3, weight = 1, mode = 'enforce' }: Partial<Omit<Charge, 'window'>> = {},
    ): Promise<Usage> => store.charge(id, { window, limit, weight, mode });

    for (const [name, windowOf] of Object.entries(windows)) {
      it(`count in windows that are ${name} as a counter that forgets nothing`, async () => {
        await fc.assert(
          fc.asyncProperty(
            arrivals,
            fc.integer({ min: 0, max: 6 }),
            fc.constantFrom(1_000, minute, 7 * minute),
            async (all, limit, length) => {
              const clock = new VirtualClock();
              const store = stores.create(clock);
              const window = windowOf(length);
              const model = new CounterModel(window);
              for (const { pause: wait, ...charge } of all) {
                clock.advance(wait);
                const expected = model.charge(clock.now(), { ...charge, limit });
                expect(await store.charge(id, { window, limit, ...charge })).to.deep.equal(
                  expected,
                );
              }
            },
          ),
          { numRuns: stores.tries },
        );
      });
    }

    it('count in months of the calendar', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 0, max: 40 * 86_400_000 }), { maxLength: 20 }),
          fc.integer({ min: 1, max: 14 }),
          async (pauses, count) => {
            const clock = new VirtualClock('2023-11-30T23:59:59Z');
            const store = stores.create(clock);
            const window: Window = { kind: 'months', count };
            const model = new CounterModel(window);
            const charge = { weight: 1, limit: 2, mode: 'enforce' } as const;
            for (const wait of pauses) {
              clock.advance(wait);
              const expected = model.charge(clock.now(), charge);
              expect(await store.charge(id, { window, ...charge })).to.deep.equal(expected);
            }
          },
        ),
        { numRuns: stores.tries },
      );
    });

    it('never let more than the limit through in any time as long as a rolling window', async () => {
      const clock = new VirtualClock();
      const store = stores.create(clock);
      const window: Window = { kind: 'rolling', length: 10_000 };
      const times: number[] = [];
      // Past the number of uses that keep their own time.
      for (let count = 0; count < 3_000; count += 1) {
        clock.advance((count * 7) % 23);
        if ((await charged(store, window, { limit: 400 })).allowed) times.push(clock.now());
      }
      expect(times.length).to.be.above(1_000);
      for (const [at, time] of times.entries()) {
        const within = times.slice(at).filter((other) => other < time + 10_000);
        expect(within.length).to.be.at.most(400);
      }
    });

    it('fill and empty buckets of tokens as one that lives through each millisecond', async () => {
      const rates = fc.constantFrom<Rate>(
        { messages: 1, period: 1_000, burst: 1 },
        { messages: 7, period: 60_000, burst: 1 },
        { messages: 30, period: 60_000, burst: 3 },
        { messages: 300, period: 1_000, burst: 30 },
        { messages: 999_999_999, period: 1_000, burst: 99_999_999 },
      );
      const steps = fc.array(
        fc.record({
          pause: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 30_000 })),
          weight: fc.constantFrom(1, 1, 1, 0, 2, 5, 50),
        }),
        { maxLength: 60 },
      );
      await fc.assert(
        fc.asyncProperty(rates, steps, async (rate, all) => {
          const clock = new VirtualClock();
          const store = stores.create(clock);
          const model = new BucketModel(rate, clock.now());
          for (const { pause: wait, weight } of all) {
            clock.advance(wait);
            const expected = model.take(clock.now(), weight);
            expect(await store.take(id, rate, weight)).to.equal(expected);
          }
        }),
        { numRuns: stores.tries },
      );
    });

    it('let exactly the limit through when all come at once', async () => {
      const store = stores.create(new VirtualClock());
      for (const window of [windows['flexi'], windows['rolling'], windows['aligned']]) {
        const one = window?.(minute) ?? { kind: 'flexi', length: minute };
        const usages = await Promise.all(
          Array.from({ length: 100 }, async (_, at) =>
            store.charge(
              { family: one.kind, bucket: 'all' },
              { window: one, weight: 1 + (at % 2), limit: 40, mode: 'enforce' },
            ),
          ),
        );
        const through = usages.filter(({ allowed }) => allowed);
        const used = Math.max(...usages.map((usage) => usage.used));
        expect(used).to.equal(40);
        expect(through.length).to.be.within(20, 40);
      }
    });

    it('keep buckets, families and kinds of windows apart, whatever their names', async () => {
      const store = stores.create(new VirtualClock());
      const names = ['', 'a', '"', '","', '\\', ':', 'a:b', '\u0000', '*', '\ud800', 'é'];
      for (const family of names) {
        for (const bucket of names) {
          for (const window of [windows['flexi'], windows['rolling']]) {
            if (window === undefined) continue;
            const usage = await store.charge(
              { family, bucket },
              { window: window(minute), weight: 1, limit: 1, mode: 'enforce' },
            );
            expect(usage.allowed, JSON.stringify([family, bucket])).to.equal(true);
          }
        }
      }
    });

    for (const [kind, window] of [
      ['fixed', { kind: 'flexi', length: minute }],
      ['rolling', { kind: 'rolling', length: minute }],
    ] as const) {
      describe(`of ${kind} windows`, () => {
        it('give back what was used, and no more', async () => {
          const clock = new VirtualClock();
          const store = stores.create(clock);
          for (let count = 0; count < 3; count += 1) {
            await charged(store, window);
            clock.advance(1_000);
          }
          await store.giveBack(id, kind, 2);
          expect((await charged(store, window, { weight: 0 })).used).to.equal(1);
          await store.giveBack(id, kind, 1_000);
          expect((await charged(store, window, { weight: 0 })).used).to.equal(0);
          expect((await charged(store, window, { weight: 3 })).allowed).to.equal(true);
          expect((await charged(store, window)).allowed).to.equal(false);
        });

        it('have nothing to give back where nothing was used', async () => {
          const store = stores.create(new VirtualClock());
          await store.giveBack(id, kind, 5);
          expect((await charged(store, window)).used).to.equal(1);
        });

        it('have nothing to give back once the window is over', async () => {
          const clock = new VirtualClock();
          const store = stores.create(clock);
          await charged(store, window, { weight: 3 });
          clock.advance(minute);
          await store.giveBack(id, kind, 2);
          expect((await charged(store, window)).used).to.equal(1);
        });

        it('let as much through as a higher limit allows at once', async () => {
          const store = stores.create(new VirtualClock());
          await charged(store, window, { weight: 3 });
          expect((await charged(store, window)).allowed).to.equal(false);
          expect(await charged(store, window, { limit: 4 })).to.include({ allowed: true, used: 4 });
        });
      });
    }

    it('go on with what was used when a window gets another length', async () => {
      const clock = new VirtualClock('2024-01-01T10:00:30Z');
      const store = stores.create(clock);
      const hour: Window = { kind: 'aligned', origin: 0, length: 60 * minute };
      const minutes: Window = { kind: 'aligned', origin: 0, length: minute };
      await charged(store, hour, { weight: 3 });
      expect(await charged(store, minutes)).to.include({
        allowed: false,
        used: 3,
        end: Date.parse('2024-01-01T10:01:00Z'),
      });
      clock.advance(minute);
      expect(await charged(store, minutes)).to.include({ allowed: true, used: 1 });
    });

    it('do not hold up anybody for long after a clock was set back', async () => {
      const clock = new VirtualClock();
      const store = stores.create(clock);
      const rate: Rate = { messages: 1, period: 1_000, burst: 1 };
      await charged(store, { kind: 'flexi', length: minute }, { weight: 3 });
      await store.take(id, rate, 1);
      clock.advance(-86_400_000);
      expect(await store.take(id, rate, 1)).to.equal(false);
      expect((await charged(store, { kind: 'flexi', length: minute })).end).to.equal(
        clock.now() + minute,
      );
      clock.advance(1_000);
      expect(await store.take(id, rate, 1)).to.equal(true);
    });

    it('measure a bucket of tokens anew when the rate changes', async () => {
      const clock = new VirtualClock();
      const store = stores.create(clock);
      expect(await store.take(id, { messages: 1, period: 60_000, burst: 1 }, 1)).to.equal(true);
      clock.advance(300);
      const faster: Rate = { messages: 2, period: 1_000, burst: 1 };
      expect(await store.take(id, faster, 1)).to.equal(false);
      clock.advance(200);
      expect(await store.take(id, faster, 1)).to.equal(true);
    });
  });
}
