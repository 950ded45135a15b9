import { expect } from 'chai';
import type { Log } from '../../lib/host/log.ts';
import { Outlet, Undeliverable } from '../../lib/message-log/outlet.ts';
import { ManualClock } from '../connection/wire/manual-clock.ts';

/** Lets every promise that can settle do so. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

interface Attempt {
  readonly items: readonly string[];
  readonly succeed: () => void;
  readonly fail: (error: Error) => void;
}

/** An outlet whose deliveries a test settles. */
function trial(sizeOf: (item: string) => number = (item) => item.length) {
  const attempts: Attempt[] = [];
  const told: string[] = [];
  const clock = new ManualClock();
  const log: Log = {
    warn: ({ dropped }, message) =>
      told.push(typeof dropped === 'number' ? `${message}: ${dropped}` : message),
    error: () => undefined,
  };
  const outlet = new Outlet<string>({
    name: 'test',
    clock,
    log,
    batch: 3,
    sizeOf,
    deliver: (items) =>
      new Promise((resolve, reject) => {
        attempts.push({ items, succeed: resolve, fail: reject });
      }),
  });
  return { outlet, attempts, told, clock };
}

describe('an outlet', () => {
  it('delivers in order, one batch after another', async () => {
    const { outlet, attempts } = trial();
    for (const item of ['a', 'b', 'c', 'd']) outlet.put(item);
    await turn();
    expect(attempts.map(({ items }) => items)).to.deep.equal([['a', 'b', 'c']]);
    attempts[0]?.succeed();
    await turn();
    expect(attempts[1]?.items).to.deep.equal(['d']);
    attempts[1]?.succeed();
    await outlet.close();
    expect(outlet.isIdle).to.equal(true);
  });

  it('tries again what failed, waiting longer each time, and tells of it once', async () => {
    const { outlet, attempts, told, clock } = trial();
    outlet.put('a');
    for (const wait of [500, 1_000, 2_000]) {
      await turn();
      attempts.at(-1)?.fail(new Error('refused'));
      await turn();
      const before = attempts.length;
      clock.advance(wait - 1);
      await turn();
      expect(attempts).to.have.length(before);
      clock.advance(1);
      await turn();
      expect(attempts).to.have.length(before + 1);
    }
    attempts.at(-1)?.succeed();
    await outlet.close();
    expect(attempts.map(({ items }) => items.join())).to.deep.equal(['a', 'a', 'a', 'a']);
    expect(told).to.deep.equal(['Log messages could not be delivered']);
  });

  it('gives up what can never be delivered, and goes on', async () => {
    const { outlet, attempts, told } = trial();
    outlet.put('a');
    await turn();
    attempts[0]?.fail(new Undeliverable('too large'));
    await turn();
    outlet.put('b');
    await turn();
    expect(attempts[1]?.items).to.deep.equal(['b']);
    attempts[1]?.succeed();
    await outlet.close();
    expect(told).to.deep.equal([
      'Log messages could not be delivered',
      'Log messages were dropped: 1',
    ]);
  });

  it('holds a bounded number of items, and tells once how many it dropped', async () => {
    const { outlet, attempts, told } = trial();
    for (let nth = 0; nth < 10_050; nth += 1) outlet.put('a');
    expect(told).to.deep.equal(['Log messages are being dropped']);
    await turn();
    attempts[0]?.fail(new Error('down'));
    await turn();
    const closing = outlet.close();
    await turn();
    attempts.at(-1)?.fail(new Error('down'));
    await closing;
    expect(told.at(-1)).to.equal('Log messages were dropped: 10050');
  });

  it('holds a bounded number of bytes', () => {
    const { outlet, told } = trial(() => 3 * 1024 * 1024);
    for (const item of ['a', 'b']) outlet.put(item);
    expect(told).to.be.empty;
    outlet.put('c');
    expect(told).to.deep.equal(['Log messages are being dropped']);
  });

  it('gives a delivery that hangs ten seconds', async () => {
    const { outlet, attempts, told, clock } = trial();
    outlet.put('a');
    await turn();
    clock.advance(9_999);
    await turn();
    expect(told).to.be.empty;
    clock.advance(1);
    await turn();
    expect(told).to.deep.equal(['Log messages could not be delivered']);
    clock.advance(500);
    await turn();
    expect(attempts).to.have.length(2);
    attempts[1]?.succeed();
    await outlet.close();
  });

  it('closes within two seconds though nothing moves', async () => {
    const { outlet, told, clock } = trial();
    for (const item of ['a', 'b']) outlet.put(item);
    await turn();
    const closing = outlet.close();
    await turn();
    clock.advance(2_000);
    await closing;
    expect(told.at(-1)).to.equal('Log messages were dropped: 2');
    expect(clock.timers).to.equal(0);
  });

  it('goes on though the log that it tells throws', async () => {
    const delivered: string[] = [];
    const outlet = new Outlet<string>({
      name: 'test',
      clock: new ManualClock(),
      log: {
        warn() {
          throw new Error('the disk is full');
        },
        error: () => undefined,
      },
      batch: 1,
      sizeOf: () => 1,
      deliver([item = '']) {
        if (item === 'a') return Promise.reject(new Undeliverable('no'));
        delivered.push(item);
        return Promise.resolve();
      },
    });
    for (const item of ['a', 'b']) outlet.put(item);
    await outlet.close();
    expect(delivered).to.deep.equal(['b']);
  });
});
