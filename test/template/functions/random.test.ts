import { expect } from 'chai';
import { defaultHost, type Host } from '../../../lib/host/host.ts';
import { compiled, flowOf, strict, unresolved, type Variables } from '../rendering.ts';

/** A host whose random bytes come from the list, again and again. */
function drawing(...bytes: readonly number[]): Host {
  let next = 0;
  return {
    ...defaultHost,
    random: {
      uuid: () => 'ec3ca9be-d1e1-4ef4-aee4-4a58f3130db8',
      bytes: (count) => Uint8Array.from({ length: count }, () => bytes[next++ % bytes.length] ?? 0),
    },
  };
}

function drawn(source: string, host: Host, values: Variables = {}): string {
  return compiled(source).template.render(flowOf(values, host), unresolved);
}

describe('random message template functions', () => {
  it('createUuid gives a new version 4 UUID, lower case (servicecallout 192)', () => {
    const [first, second] = strict('{createUuid()},{createUuid()}').split(',');
    expect(first).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(second).not.to.equal(first);
  });

  it('createUuid asks the host', () => {
    expect(drawn('{createUuid()}', drawing(0))).to.equal('ec3ca9be-d1e1-4ef4-aee4-4a58f3130db8');
  });

  const rows: readonly (readonly [string, readonly number[], string])[] = [
    ['{randomLong()}', [0], '0'],
    ['{randomLong()}', [255], '9223372036854775807'],
    ['{randomLong(10)}', [0], '10'],
    ['{randomLong(10,11)}', [255], '10'],
    ['{randomLong(10,13)}', [255, 2], '12'],
    ['{randomLong(-5,-3)}', [1], '-4'],
    ['{randomLong(-9223372036854775808,9223372036854775807)}', [0], '-9223372036854775808'],
    ['{randomLong(9223372036854775807)}', [9], '9223372036854775807'],
  ];
  for (const [source, bytes, expected] of rows) {
    it(`${source} is ${expected} when the host draws ${bytes.join(', ')}`, () => {
      expect(drawn(source, drawing(...bytes))).to.equal(expected);
    });
  }

  it('randomLong ends although a source always draws beyond the bound', () => {
    expect(drawn('{randomLong(3,6)}', drawing(255))).to.equal('3');
  });

  it('randomLong reaches every number of its range and no other', () => {
    const seen = new Set<string>();
    for (let draw = 0; draw < 2000; draw += 1) seen.add(strict('{randomLong(-2,3)}'));
    expect([...seen].sort()).to.deep.equal(['-1', '-2', '0', '1', '2']);
  });

  it('randomLong takes its least number from a variable (servicecallout 190)', () => {
    const text = strict('{randomLong(plus10)}', { plus10: '10' });
    expect(text).to.match(/^[0-9]+$/);
    expect(BigInt(text) >= 10n).to.equal(true);
  });

  it('xeger gives a text that its expression matches, braces and all', () => {
    expect(strict("<{xeger('[1-9]{7}')}>")).to.match(/^<[1-9]{7}>$/);
    expect(strict('{xeger(r)}', { r: '[1-9]{7}' })).to.match(/^[1-9]{7}$/);
  });
});
