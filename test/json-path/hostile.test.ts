import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { compileJsonPath, JsonPathError } from '../../lib/json-path/json-path.ts';

const canary = 'jsonPathCanary';

/** Program text in every place where evaluators of JSONPath have run it before. */
const programs = [
  `globalThis.${canary}=1`,
  `this.constructor.constructor("globalThis.${canary}=1")()`,
  `constructor.constructor('globalThis.${canary}=1')()`,
  `@.constructor.constructor('globalThis.${canary}=1')()`,
  `(function(){globalThis.${canary}=1})()`,
  `(()=>{globalThis.${canary}=1})()`,
  `process.mainModule.require('child_process').execSync('true')`,
  `this.process.mainModule.constructor._load('fs')`,
  `new Function('globalThis.${canary}=1')()`,
  `Function\`globalThis.${canary}=1\`\`\``,
  `\`\${globalThis.${canary}=1}\``,
  `[].constructor.constructor("globalThis.${canary}=1")()`,
  `''.sub.constructor('globalThis.${canary}=1')()`,
  `@.sub.call.constructor('globalThis.${canary}=1')()`,
  `''['sub']['constructor']('globalThis.${canary}=1')()`,
  `@['constructor']['constructor']('globalThis.${canary}=1')()`,
  `@.__proto__.polluted = 1`,
  `@.__proto__['polluted'] == undefined`,
  `@.__defineGetter__('a', ()=>globalThis.${canary}=1)`,
  `@.__lookupGetter__('__proto__').call(@)`,
  `Object.assign(@, {a: 1})`,
  `Reflect.construct(Function, ['globalThis.${canary}=1'])()`,
  `(p=\`globalThis.${canary}=1\`;a=''[['constructor']][['constructor']](p);a())`,
  `import('fs')`,
  `var a = 1`,
  `a = globalThis.${canary} = 1`,
  `@.a ? globalThis.${canary} = 1 : 0`,
  `@path || @root || @parent || @property`,
  `@.toString().constructor`,
  `@.a.apply(@, [1])`,
  `@.a.bind(@)()`,
  `1;globalThis.${canary}=1`,
  `1,globalThis.${canary}=1`,
];

const places: readonly ((program: string) => string)[] = [
  (program) => program,
  (program) => `$.${program}`,
  (program) => `$[?(${program})]`,
  (program) => `$..[?(${program})]`,
  (program) => `$.*[?(${program})]`,
  (program) => `$[?(@.a == ${program})]`,
  (program) => `$[?(@.a && ${program})]`,
  (program) => `$[(${program})]`,
  (program) => `$..[(${program})]`,
  (program) => `$[${program}]`,
  (program) => `$.a.length(${program})`,
  (program) => `$.a.concat("${program}")`,
  (program) => `$[?(@.a in [${program}])]`,
  (program) => `$.\`${program}`,
  (program) => `$[?(@.a =~ /${program}/)]`,
];

/** Values that only a prototype has. */
function isForeign(value: unknown): boolean {
  return typeof value === 'function' || value === Object.prototype || value === Array.prototype;
}

describe('JSONPath from hostile hands', () => {
  const root = { a: { b: [1, 'text', null] }, list: [{ a: 'x' }], text: 'text' };

  for (const program of programs) {
    it(`is never a program: ${program}`, () => {
      const before = JSON.stringify(root);
      for (const place of places) {
        const path = place(program);
        try {
          for (const value of compileJsonPath(path).select(root)) {
            expect(isForeign(value), path).to.be.false;
          }
        } catch (error) {
          expect(error, path).to.be.instanceOf(JsonPathError);
        }
      }
      expect(Object.hasOwn(globalThis, canary)).to.be.false;
      expect(Object.hasOwn(Object.prototype, 'polluted')).to.be.false;
      expect(JSON.stringify(root)).to.equal(before);
    });
  }

  const inherited = [
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '__defineGetter__',
    '__lookupSetter__',
    'prototype',
    'length',
    'at',
    'map',
  ];
  for (const name of inherited) {
    it(`finds ${name} only where the JSON has it`, () => {
      const forms = [`$.${name}`, `$['${name}']`, `$..${name}`, `$.*.${name}`, `$.*['${name}']`];
      for (const form of forms) {
        expect(compileJsonPath(form).select({ o: {}, l: [], s: 'x' }), form).to.deep.equal([]);
      }
      const exists = compileJsonPath(`$[?(@.${name})]`);
      expect(exists.select([{}, [], 'x', 1, null])).to.deep.equal([]);
      const own: unknown = JSON.parse(`{"${name}":{"${name}":7}}`);
      expect(compileJsonPath(`$.${name}.${name}`).select(own)).to.deep.equal([7]);
    });
  }

  it('merges a member named __proto__ as a member', () => {
    const own: unknown = JSON.parse('{"__proto__":{"polluted":1},"a":2}');
    const [merged] = compileJsonPath("$['__proto__','a']").select(own);
    expect(JSON.stringify(merged)).to.equal('{"__proto__":{"polluted":1},"a":2}');
  });

  it('has nothing in its code that evaluates text', () => {
    const folder = new URL('../../lib/json-path/', import.meta.url);
    const files = readdirSync(folder);
    expect(files).to.include('json-path.ts');
    for (const file of files) {
      const code = readFileSync(new URL(file, folder), 'utf8');
      expect(code, file).not.to.match(/\beval\s*\(|\bFunction\s*\(|node:vm|['"]vm['"]|import\s*\(/);
    }
  });
});
