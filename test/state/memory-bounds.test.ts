import { expect } from 'chai';
import type { MapId } from '../../lib/state/key-value-maps.ts';
import { createMemoryState } from '../../lib/state/memory-state.ts';
import { StateUnavailableError } from '../../lib/state/state.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const map: MapId = { scope: 'organization', owner: ['acme'], name: 'm' };

describe('memory', () => {
  it('gives up the entry of a cache that was not used for longest', () => {
    const { caches } = createMemoryState({ clock: new VirtualClock(), cacheEntries: 3 });
    for (const key of ['a', 'b', 'c']) void caches.put('c', key, key, 1000);
    void caches.get('c', 'a');
    void caches.put('other', 'd', 'd', 1000);
    expect(['a', 'b', 'c'].map((key) => caches.get('c', key))).to.deep.equal(['a', undefined, 'c']);
    expect(caches.get('other', 'd')).to.equal('d');
  });

  it('gives up what expired before what is good', () => {
    const clock = new VirtualClock();
    const { caches } = createMemoryState({ clock, cacheEntries: 3 });
    void caches.put('c', 'old', 1, 100_000);
    void caches.put('c', 'short', 1, 10);
    void caches.put('c', 'new', 1, 100_000);
    clock.advance(10);
    void caches.put('c', 'newer', 1, 100_000);
    expect(['old', 'short', 'new', 'newer'].map((key) => caches.get('c', key))).to.deep.equal([
      1,
      undefined,
      1,
      1,
    ]);
  });

  it('bounds the bytes of caches, and takes no entry that is larger than all of it', () => {
    const { caches } = createMemoryState({ clock: new VirtualClock(), cacheBytes: 10_000 });
    for (let key = 0; key < 100; key += 1) void caches.put('c', `${key}`, 'x'.repeat(1000), 1000);
    const found = Array.from({ length: 100 }, (_, key) => caches.get('c', `${key}`));
    const kept = found.filter((value) => value !== undefined).length;
    expect(kept).to.be.within(5, 9);
    expect(caches.get('c', '99')).to.equal('x'.repeat(1000));
    void caches.put('c', '99', 'x'.repeat(20_000), 1000);
    expect(caches.get('c', '99')).to.equal(undefined);
    expect(caches.get('c', '98')).to.equal('x'.repeat(1000));
  });

  it('takes as many entries again when others were removed', () => {
    const { caches } = createMemoryState({ clock: new VirtualClock(), cacheBytes: 10_000 });
    for (let round = 0; round < 100; round += 1) {
      void caches.put('c', 'k', 'x'.repeat(9000), 1000);
      if (round % 2 === 0) void caches.delete('c', 'k');
      else void caches.deletePrefix('c', '');
    }
    void caches.put('c', 'k', 'x'.repeat(9000), 1000);
    expect(caches.get('c', 'k')).to.equal('x'.repeat(9000));
  });

  it('refuses an entry of a key-value map rather than forget another', () => {
    const { maps } = createMemoryState({ clock: new VirtualClock(), mapEntries: 2 });
    void maps.put(map, 'a', ['1'], 'keep');
    void maps.put(map, 'b', ['1'], 'keep');
    expect(() => maps.put(map, 'c', ['1'], 'keep')).to.throw(StateUnavailableError);
    void maps.put(map, 'b', ['2'], 'replace');
    expect(['a', 'b', 'c'].map((key) => maps.get(map, key))).to.deep.equal([
      ['1'],
      ['2'],
      undefined,
    ]);
    void maps.delete(map, 'a');
    void maps.put(map, 'c', ['1'], 'keep');
    expect(maps.get(map, 'c')).to.deep.equal(['1']);
  });

  it('bounds the bytes of key-value maps', () => {
    const { maps } = createMemoryState({ clock: new VirtualClock(), mapBytes: 10_000 });
    void maps.put(map, 'a', ['x'.repeat(4000)], 'keep');
    expect(() => maps.put(map, 'b', ['x'.repeat(4000)], 'keep')).to.throw(StateUnavailableError);
    void maps.put(map, 'a', ['x'], 'replace');
    void maps.put(map, 'b', ['x'.repeat(4000)], 'keep');
    expect(maps.get(map, 'b')).to.deep.equal(['x'.repeat(4000)]);
  });
});
