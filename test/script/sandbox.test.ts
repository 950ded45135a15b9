import { expect } from 'chai';
import { systemClock } from '../../lib/host/clock.ts';
import { newSandbox } from '../../lib/script/sandbox-pool.ts';
import { ScriptCallError, type RunLimits, type Sandbox } from '../../lib/script/sandbox.ts';
import { compileScript, type Script } from '../../lib/script/script.ts';
import type { RunEnd } from '../../lib/script/thrown.ts';

/** A model with one function, `tell`, whose texts the host keeps and answers in brackets. */
const model = `(function (host, global) {
  global.tell = function (text) { return host(1, String(text)); };
  return { configure: function () {}, finish: function () {}, answer: function () {} };
})`;

const limits: RunLimits = {
  clock: systemClock,
  timeLimit: 300,
  busyLimit: 10_000,
  memory: 32 * 1024 * 1024,
};

function scriptOf(text: string): Script {
  const location = { file: 'main.js', line: 1, column: 1 };
  const script = compileScript([{ name: 'main.js', text, location }], {}, () => undefined);
  if (script === undefined) throw new Error(`It does not compile: ${text}`);
  return script;
}

describe('a sandbox', () => {
  let sandbox: Sandbox;
  let told: string[];

  beforeEach(async () => {
    sandbox = await newSandbox(model, 'runs');
    told = [];
  });

  function run(text: string | Script, own: Partial<RunLimits> = {}): RunEnd {
    const script = typeof text === 'string' ? scriptOf(text) : text;
    const host = {
      call(operation: number, first: string): string {
        // The text of an error that was caught: as it is.
        if (operation === 0) return first;
        if (first === 'refuse') throw new ScriptCallError('refused');
        if (first === 'fail') throw new TypeError('a mistake of the host');
        told.push(first);
        return `<${first}>`;
      },
    };
    return sandbox.run(script, host, { ...limits, ...own });
  }

  it('shows a script nothing of the script before', () => {
    const dirty = `leak = 1; var v = 2; Array.prototype.leak = 3; Object.prototype.leak = 4;
      Object.defineProperty(String.prototype, 'trim', { value: function () { return 'mine'; } });
      Math.max = null; tell = null; delete globalThis.JSON; globalThis.eval = null;`;
    expect(run(dirty).kind).to.equal('done');
    run(
      'tell([typeof leak, typeof v, [].leak, ({}).leak, " a ".trim(), Math.max(1, 2), typeof JSON, typeof eval].join())',
    );
    expect(told).to.deep.equal(['undefined,undefined,,,a,2,object,function']);
  });

  it('starts the same script anew each time', () => {
    const script = scriptOf('var n; n = (n || 0) + 1; tell(n + (typeof seen)); seen = 1;');
    for (let count = 0; count < 3; count += 1) run(script);
    expect(told).to.deep.equal(['1undefined', '1undefined', '1undefined']);
  });

  it('passes any text in both directions', () => {
    const texts = ['', 'a\0b', '\u0001mark', 'é😀', '\ud800', '\udc00x', '"\\\n'];
    for (const text of texts) {
      told = [];
      run(`tell(tell(${JSON.stringify(text)}) === ${JSON.stringify(`<${text}>`)})`);
      expect(told, JSON.stringify(text)).to.deep.equal([text, 'true']);
    }
  });

  it('has no way to the host but the model', () => {
    run(
      `tell(['process', 'require', 'Buffer', 'fetch', 'setTimeout', 'console', 'window', 'std', 'os', 'Atomics']
        .filter(function (name) { return (0, eval)('typeof ' + name) !== 'undefined'; }).join() + '.')`,
    );
    expect(told).to.deep.equal(['.']);
  });

  it('shows a script the message of a refusal, and no stack of the host', () => {
    run(
      'try { tell("refuse"); } catch (e) { tell(e instanceof Error); tell(String(e)); tell(e.stack); }',
    );
    expect(told).to.include('true').and.to.include('Error: refused');
    expect(told.join())
      .to.not.include(import.meta.dirname)
      .and.to.not.include('sandbox.ts');
  });

  it('lets a mistake of the host surface, whatever the script makes of it', () => {
    expect(() => run('try { tell("fail"); } catch (e) {}')).to.throw(
      TypeError,
      'a mistake of the host',
    );
  });

  it('takes the time from the host, in UTC whatever the zone of the machine', () => {
    const zone = process.env['TZ'];
    process.env['TZ'] = 'America/New_York';
    try {
      const clock = { ...systemClock, now: () => Date.UTC(2020, 6, 1, 12) };
      run(
        'tell(new Date().toISOString() + new Date().getHours() + new Date(2020, 0, 1).getTimezoneOffset())',
        { clock },
      );
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
    expect(told).to.deep.equal(['2020-07-01T12:00:00.000Z120']);
  });

  const endless: Readonly<Record<string, string>> = {
    'a loop': 'while (true);',
    'a loop that catches what it can':
      'while (true) { try { while (true); } catch (e) {} finally { continue; } }',
    'a regular expression': '/^(a+)+$/.test("a".repeat(40) + "b")',
    'a chain of promises':
      'Promise.resolve().then(function f() { return Promise.resolve().then(f); })',
    'a flood of promises':
      '(function f() { Promise.resolve().then(f); Promise.resolve().then(f); })()',
    'steps that take long': 'var a = new Uint8Array(1e7); while (true) a.indexOf(7);',
  };
  for (const [title, text] of Object.entries(endless)) {
    it(`stops ${title} at the time limit`, () => {
      expect(run(text)).to.deep.equal({ kind: 'time-limit', milliseconds: 300 });
      run('tell("next")');
      expect(told).to.deep.equal(['next']);
    });
  }

  it('stops a script without a time limit at the limit of the host', () => {
    const end = run('while (true);', { timeLimit: 0, busyLimit: 100 });
    expect(end).to.deep.equal({ kind: 'time-limit', milliseconds: 100 });
  });

  it('stops a script also where the clock stands still', () => {
    const clock = { ...systemClock, nanoseconds: () => 0 };
    const end = run('while (true);', { clock, timeLimit: 0, busyLimit: 1 });
    expect(end.kind).to.equal('time-limit');
  });

  const greedy: Readonly<Record<string, string>> = {
    'a long list': 'new Array(1 << 28).fill(1)',
    'a text of a gigabyte': '"x".repeat(1 << 30)',
    'a growing text': 'var x = "a"; while (true) x += x;',
    'many buffers': 'var l = []; while (true) l.push(new Uint8Array(1 << 20));',
    'calls within calls': 'function f() { return f() + 1; } f()',
    'a deep text of JSON': 'JSON.parse("[".repeat(200000))',
    'a deep expression': 'eval("(".repeat(100000))',
    'the places of a list that are not there': '[].indexOf.call({ length: 9e15 }, 1)',
    'a join of a list without end': 'var a = []; a.length = 4294967295; a.join("x")',
    'a text that almost holds another': '"a".repeat(1e6).indexOf("a".repeat(1e5) + "b")',
  };
  for (const [title, text] of Object.entries(greedy)) {
    it(`ends ${title} with an error`, () => {
      expect(run(text, { timeLimit: 5000 }).kind).to.be.oneOf(['thrown', 'exhausted']);
    });
  }

  it('says that it is not to be used again after its memory has grown', () => {
    expect(sandbox.isUsable).to.be.true;
    run('var l = []; for (var i = 0; i < 24; i += 1) l.push(new Uint8Array(1 << 20));');
    expect(sandbox.isUsable).to.be.false;
  });
});
