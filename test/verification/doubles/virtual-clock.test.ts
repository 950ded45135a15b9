import { expect } from 'chai';
import { VirtualClock } from '../../../lib/verification/doubles/virtual-clock.ts';

const start = Date.parse('2026-01-01T00:00:00Z');

describe('virtual time', () => {
  it('stands still while nobody sleeps', async () => {
    const clock = new VirtualClock(start);
    clock.after(1, () => expect.fail('Nobody waited.'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.now()).to.equal(start);
  });

  it('jumps to the end of a sleep', async () => {
    const clock = new VirtualClock(start);
    await clock.sleep(86_400_000);
    expect(clock.now()).to.equal(start + 86_400_000);
    expect(clock.nanoseconds()).to.be.at.least(86_400_000 * 1e6);
  });

  it('ends concurrent sleeps by their length, whoever began first', async () => {
    const clock = new VirtualClock(start);
    const ended: string[] = [];
    const sleeper = async (name: string, ...lengths: readonly number[]): Promise<void> => {
      for (const length of lengths) await clock.sleep(length);
      ended.push(`${name} ${clock.now() - start}`);
    };
    await Promise.all([
      sleeper('a', 300),
      sleeper('b', 100, 150),
      sleeper('c', 100),
      sleeper('d', 0),
    ]);
    expect(ended).to.deep.equal(['d 0', 'c 100', 'b 250', 'a 300']);
  });

  it('fires timers on the way in their order, with what they set off before the rest', async () => {
    const clock = new VirtualClock(start);
    const fired: string[] = [];
    const note = (name: string) => fired.push(`${name} ${clock.now() - start}`);
    clock.after(200, () => note('late'));
    clock.after(50, () => {
      note('early');
      clock.after(50, () => note('set off'));
    });
    clock.after(1_000, () => note('never'));
    const cancelled = clock.after(60, () => note('cancelled'));
    cancelled.cancel();
    await clock.sleep(500);
    note('awake');
    expect(fired).to.deep.equal(['early 50', 'set off 100', 'late 200', 'awake 500']);
  });

  it('fires a timer without a delay although nobody sleeps', async () => {
    const clock = new VirtualClock(start);
    await new Promise<void>((resolve) => {
      clock.after(0, resolve);
    });
    expect(clock.now()).to.equal(start);
  });

  it('lets promises that are ready run before it goes on', async () => {
    const clock = new VirtualClock(start);
    let steps = 0;
    const work = (async () => {
      for (; steps < 100; steps += 1) await Promise.resolve();
      return clock.now();
    })();
    await clock.sleep(10);
    expect({ steps, at: await work }).to.deep.equal({ steps: 100, at: start });
  });
});
