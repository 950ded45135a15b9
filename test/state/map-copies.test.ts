import { expect } from 'chai';
import { parsePolicy } from '../../lib/policies/read-policy.ts';
import { createRuntime } from '../../lib/runtime/runtime.ts';
import type { MapId } from '../../lib/state/key-value-maps.ts';
import { MapCopies } from '../../lib/state/map-copies.ts';
import { createMemoryState } from '../../lib/state/memory-state.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const map: MapId = { scope: 'environment', owner: ['o', 'e'], name: 'm' };

describe('copies of key-value map entries', () => {
  const clock = new VirtualClock('2026-01-01T00:00:00Z');
  const { maps } = createMemoryState({ clock });
  const view = new MapCopies(maps, clock).view(2_000);

  it('show a change made elsewhere only when they have expired, and their own at once', () => {
    void maps.put(map, 'k', ['1'], 'replace');
    expect(view.get(map, 'k')).to.deep.equal(['1']);
    void maps.put(map, 'k', ['2'], 'replace');
    clock.advance(1_999);
    expect(view.get(map, 'k')).to.deep.equal(['1']);
    clock.advance(1);
    expect(view.get(map, 'k')).to.deep.equal(['2']);
    void view.put(map, 'k', ['3'], 'replace');
    expect(view.get(map, 'k')).to.deep.equal(['3']);
    void view.delete(map, 'k');
    expect(view.get(map, 'k')).to.equal(undefined);
  });

  it('are not kept of what is not there', () => {
    expect(view.get(map, 'new')).to.equal(undefined);
    void maps.put(map, 'new', ['1'], 'replace');
    expect(view.get(map, 'new')).to.deep.equal(['1']);
  });

  it('are not kept of an answer that was asked for before a write', async () => {
    let answer: (values: readonly string[]) => void = () => undefined;
    const slow = {
      ...maps,
      get: () =>
        new Promise<readonly string[]>((resolve) => {
          answer = resolve;
        }),
    };
    const slowView = new MapCopies(slow, clock).view(2_000);
    const first = slowView.get(map, 'k');
    void slowView.put(map, 'k', ['after'], 'replace');
    answer(['before']);
    expect(await first).to.deep.equal(['before']);
    const second = slowView.get(map, 'k');
    answer(['after']);
    expect(await second).to.deep.equal(['after']);
  });

  for (const [copies, seen] of [
    ['none', 'new'],
    ['until-expiry', 'old'],
  ] as const) {
    it(`are used by a policy where the host wants them: ${copies}`, async () => {
      const stores = createMemoryState({ clock });
      const runtime = createRuntime({ clock, stores, keyValueMapCopies: copies });
      const operations = (inside: string) =>
        runtime.compile(
          parsePolicy(
            `<KeyValueMapOperations name="K" mapIdentifier="m"><ExpiryTimeInSecs>1</ExpiryTimeInSecs>${inside}</KeyValueMapOperations>`,
          ),
        );
      const key = '<Key><Parameter>k</Parameter></Key>';
      await operations(`<Put>${key}<Value>old</Value></Put>`).run(runtime.newFlow());
      const get = operations(`<Get assignTo="v">${key}</Get>`);
      await get.run(runtime.newFlow());
      const elsewhere = createRuntime({ clock, stores });
      const put = `<Put override="true">${key}<Value>new</Value></Put>`;
      await elsewhere
        .compile(
          parsePolicy(
            `<KeyValueMapOperations name="K" mapIdentifier="m">${put}</KeyValueMapOperations>`,
          ),
        )
        .run(elsewhere.newFlow());
      const flow = runtime.newFlow();
      await get.run(flow);
      expect(flow.variables.get('v')).to.equal(seen);
      clock.advance(1_000);
      const later = runtime.newFlow();
      await get.run(later);
      expect(later.variables.get('v')).to.equal('new');
    });
  }
});
