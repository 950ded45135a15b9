import { expect } from 'chai';
import { faultOf, lenient, strict } from './rendering.ts';

describe('an unresolved variable in a message template', () => {
  const faulting: readonly (readonly [source: string, variable: string])[] = [
    ['{v}', 'v'],
    ['{a:x}{v}{w}', 'v'],
    ['{toUpperCase(v)}', 'v'],
    ["{replaceAll('a',yyyy.MM.dd,'')}", 'yyyy.MM.dd'],
    ["{jsonPath($.a,'{}')}", '$.a'],
  ];
  for (const [source, variable] of faulting) {
    it(`raises the policy's fault for ${source}`, () => {
      const fault = faultOf(() => strict(source));
      expect(fault).to.include({
        code: 'entities.UnresolvedVariable',
        name: 'UnresolvedVariable',
        faultstring: `Unresolved variable : ${variable}`,
      });
    });
  }

  for (const value of [null, undefined]) {
    it(`means ${String(value)}, so that it faults or takes the default`, () => {
      expect(faultOf(() => strict('{v}', { v: value })).name).to.equal('UnresolvedVariable');
      expect(strict('{v:none}', { v: value })).to.equal('none');
    });
  }

  const resolved = { '': '', 0: 0, false: false, '[a, b]': ['a', 'b'], '12': 12n } as const;
  for (const [text, value] of Object.entries(resolved)) {
    it(`does not mean ${JSON.stringify(text)}`, () => {
      expect(strict('<{v}>', { v: value })).to.equal(`<${text}>`);
    });
  }

  it('never faults in firstnonnull (servicecallout 191)', () => {
    expect(strict('{firstnonnull(a,b)}', { b: 'z' })).to.equal('z');
    expect(strict('{firstnonnull(a,b)}')).to.equal('');
  });

  it('is not what a bare number or boolean is', () => {
    expect(strict('{substring(v,1,2)}', { v: 'abc' })).to.equal('b');
    expect(strict("{jsonPath('$.a[*]',v,true)}", { v: '{"a":["x","y"]}' })).to.equal('["x","y"]');
  });

  it('is what a bare number is where engines before 2021 are imitated', () => {
    const settings = { bareNumbers: 'variable' } as const;
    const fault = faultOf(() => strict('{randomLong(10)}', {}, settings));
    expect(fault.faultstring).to.equal('Unresolved variable : 10');
    expect(lenient('{substring(v,1)}', { v: 'abc' }, settings)).to.equal('bc');
    expect(lenient('{substring(v,1)}', { v: 'abc', 1: '2' }, settings)).to.equal('c');
    expect(
      strict('{randomLong(plus10,eleven)}', { plus10: '10', eleven: '11' }, settings),
    ).to.equal('10');
  });
});
