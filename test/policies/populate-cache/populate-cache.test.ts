import { expect } from 'chai';
import { createRuntime, Fault, parsePolicy, type FlowValue } from '../../../lib/index.ts';

const key = '<CacheKey><Prefix>k</Prefix></CacheKey>';

async function populate(value: FlowValue): Promise<unknown> {
  const runtime = createRuntime();
  const flow = runtime.newFlow();
  flow.variables.seed('v', value);
  const policy = `<PopulateCache name="P">${key}<Source>v</Source></PopulateCache>`;
  try {
    await runtime.compile(parsePolicy(policy)).run(flow);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await runtime.close();
  }
}

/** A list so deep that copying it by recursion would be an attack. */
function nested(depth: number): FlowValue {
  let value: FlowValue = 'x';
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

describe('PopulateCache', () => {
  const live: readonly unknown[] = [
    { live: true },
    () => 1,
    Symbol('s'),
    [{ live: true }],
    nested(50_000),
  ];
  for (const [index, value] of live.entries()) {
    it(`mediation 184: cannot keep what is no value but a live object (${index})`, async () => {
      const error = await populate(value as FlowValue);
      if (!(error instanceof Fault)) throw error;
      expect([error.code, error.name, error.status]).to.deep.equal([
        'policies.populatecache.EntryCannotBeCached',
        'EntryCannotBeCached',
        500,
      ]);
    });
  }

  it('keeps lists of values', async () => {
    expect(await populate(['a', 1, true, null, ['b']])).to.equal(undefined);
  });

  it('tells the operator once of what is too long for a cache', async () => {
    const told: string[] = [];
    const log = {
      warn: (_: unknown, message: string) => told.push(message),
      error: () => undefined,
    };
    const runtime = createRuntime({ log });
    const policy = runtime.compile(
      parsePolicy(
        '<PopulateCache name="P"><CacheKey><KeyFragment ref="k"/></CacheKey><Source>v</Source></PopulateCache>',
      ),
    );
    const lookup = runtime.compile(
      parsePolicy(
        '<LookupCache name="L"><CacheKey><KeyFragment ref="k"/></CacheKey><AssignTo>c</AssignTo></LookupCache>',
      ),
    );
    for (const [k, v] of [
      ['k', 'x'.repeat(256 * 1024 + 1)],
      ['k'.repeat(1024 ** 2), 'x'],
      ['ü'.repeat(1024), 'x'],
    ]) {
      const flow = runtime.newFlow({ variables: { k, v } });
      await policy.run(flow);
      await lookup.run(flow);
      expect(flow.variables.get('lookupcache.L.cachehit')).to.equal(false);
    }
    expect(told).to.deep.equal(['Not cached: a key may have 2048 bytes, and a value 262144']);
    const fits = runtime.newFlow({ variables: { k: 'k', v: 'x'.repeat(256 * 1024) } });
    await policy.run(fits);
    await lookup.run(fits);
    expect(fits.variables.get('lookupcache.L.cachehit')).to.equal(true);
    await runtime.close();
  });

  it('treats a name such as __proto__ like any other', async () => {
    const runtime = createRuntime();
    const flow = runtime.newFlow({ variables: { k: '__proto__', v: 'X' } });
    const named =
      '<CacheKey><Prefix>__proto__</Prefix></CacheKey><CacheResource>constructor</CacheResource>';
    for (const text of [
      `<PopulateCache name="P">${named}<Source>v</Source></PopulateCache>`,
      `<LookupCache name="L">${named}<AssignTo>__proto__.x</AssignTo></LookupCache>`,
    ]) {
      await runtime.compile(parsePolicy(text)).run(flow);
    }
    expect(flow.variables.get('__proto__.x')).to.equal('X');
    expect(Object.hasOwn(Object.prototype, 'x')).to.equal(false);
    await runtime.close();
  });
});
