import { expect } from 'chai';
import { BoundedBuckets } from '../../../lib/state/counting/bounded-buckets.ts';
import { createMemoryCounters } from '../../../lib/state/memory-counters.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

describe('BoundedBuckets', () => {
  it('never hold more than they may, whatever comes', () => {
    const buckets = new BoundedBuckets<{ expires: number }>(100);
    let most = 0;
    for (let count = 0; count < 100_000; count += 1) {
      buckets.add(`b${count}`, { expires: 1_000 }, 0);
      most = Math.max(most, buckets.size);
    }
    expect(most).to.equal(100);
    expect(buckets.use('b99999')).to.not.equal(undefined);
    expect(buckets.use('b0')).to.equal(undefined);
  });

  it('give up the one that was not used for longest', () => {
    const buckets = new BoundedBuckets<{ expires: number }>(3);
    for (const name of ['a', 'b', 'c']) buckets.add(name, { expires: 10 }, 0);
    buckets.use('a');
    buckets.add('d', { expires: 10 }, 0);
    expect(buckets.use('a')).to.not.equal(undefined);
    expect(buckets.use('b')).to.equal(undefined);
  });

  it('give up what expired before anything is full', () => {
    const buckets = new BoundedBuckets<{ expires: number }>(1_000);
    for (let count = 0; count < 100; count += 1) buckets.add(`old${count}`, { expires: 10 }, 0);
    for (let count = 0; count < 50; count += 1) buckets.add(`new${count}`, { expires: 30 }, 20);
    expect(buckets.size).to.equal(50);
  });
});

describe('Counters in memory that are full', () => {
  it('leave alone the counters of other policies, and those in use', async () => {
    const { shared } = createMemoryCounters({ clock: new VirtualClock(), buckets: 50 });
    const charge = {
      window: { kind: 'flexi', length: 60_000 },
      weight: 1,
      limit: 1_000_000,
      mode: 'enforce',
    } as const;
    await shared.charge({ family: 'other', bucket: 'x' }, charge);
    for (let count = 1; count <= 10_000; count += 1) {
      await shared.charge({ family: 'f', bucket: `made up ${count}` }, charge);
      const { used } = await shared.charge({ family: 'f', bucket: 'steady' }, charge);
      expect(used).to.equal(count);
    }
    expect((await shared.charge({ family: 'other', bucket: 'x' }, charge)).used).to.equal(2);
  });
});
