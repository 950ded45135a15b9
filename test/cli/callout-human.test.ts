import { expect } from 'chai';
import { calloutPolicy, trial, withHeaders } from './callout-trial.ts';
import { apx } from './streams.ts';

// Whatever could steer a terminal: control characters but for line ends, and what reorders text.
const steering = /[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069]/;

describe('apx callout for a person', () => {
  it('shows the request, the response, the variables and no fault', () =>
    trial(async ({ callout }) => {
      const policy = calloutPolicy({ request: withHeaders({ 'X-Id': '7' }) });
      const { code, stdout } = await callout(policy);
      expect(code).to.equal(0);
      const lines = stdout.split('\n').map((line) => line.replace(/\d+ ms$/, 'N ms'));
      expect(lines.slice(0, 13)).to.deep.equal([
        'SC ServiceCallout',
        '',
        '→ GET http://up.test/p',
        '  host: up.test',
        '  x-id: 7',
        '',
        '← 200 OK  N ms',
        '  content-type: application/json',
        '  content-length: 11',
        '',
        '  {',
        '    "ok": true',
        '  }',
      ]);
      expect(stdout)
        .to.match(/^ {2}r\.status\.code +200$/m)
        .and.not.include('✗');
    }));

  it('shows a fault with its code and how to mend it', () =>
    trial(
      async ({ callout }) => {
        const { code, stdout } = await callout(calloutPolicy({}));
        expect(code).to.equal(1);
        expect(stdout.split('\n').slice(-4)).to.deep.equal([
          '✗ steps.servicecallout.ExecutionFailed status 500',
          '  Execution of ServiceCallout SC failed. Reason: ResponseCode 404 is treated as error',
          '  hint If 404 is an answer that the flow can use, add it to the property success.codes, for example 1xx,2xx,3xx,404.',
          '',
        ]);
      },
      [{ status: 404 }],
    ));

  it('shows what could not be reached, and what underneath said so', () =>
    trial(async ({ callout }) => {
      const connection =
        '<HTTPTargetConnection><URL>http://127.0.0.1:1/</URL></HTTPTargetConnection>';
      const { stdout } = await callout(calloutPolicy({ connection }));
      expect(stdout).to.include('(did not leave)');
      expect(stdout).to.include('  because ');
      expect(stdout).to.include('  hint Check the host name and port');
    }));

  it('marks a dry run', () =>
    trial(async ({ callout, calls }) => {
      const { stdout } = await callout(calloutPolicy({}), '--dry-run');
      expect(stdout).to.include('→ GET http://up.test/p  (dry run: not sent)');
      expect(calls).to.be.empty;
    }));

  it('says why a call failed that no flow waits for', () =>
    trial(async ({ callout }) => {
      const connection =
        '<HTTPTargetConnection><URL>http://127.0.0.1:1/</URL></HTTPTargetConnection>';
      const { code, stdout } = await callout(calloutPolicy({ response: '', connection }));
      expect(code).to.equal(0);
      expect(stdout).to.match(/^! The call failed, .*Reason: Host not reachable$/m);
    }));

  it('cuts a long body and a long value', () =>
    trial(
      async ({ callout }) => {
        const { stdout } = await callout(calloutPolicy({}));
        expect(stdout).to.include('  … 160 more lines');
        expect(stdout.length).to.be.below(3_000);
      },
      [{ body: Array.from({ length: 200 }, (_, line) => `line ${line}`).join('\n') }],
    ));

  const hostile = 'a\x1b]0;title\x07\x1b[31mred\x9b2J\u202egnp\u2066\r\b\u2028z';

  it('escapes what a service and variables could do to a terminal', () =>
    trial(
      async ({ callout, file }) => {
        const vars = await file('v.json', JSON.stringify({ v: hostile }));
        const policy = calloutPolicy({
          request: '<Request><Set><Payload contentType="text/plain">{v}</Payload></Set></Request>',
        });
        const { stdout } = await callout(policy, '--vars', vars);
        expect(stdout).not.to.match(steering);
        expect(stdout).to.include('\\u001b[31mred\\u009b2J\\u202egnp');
      },
      [{ reason: 'OK', headers: { 'Content-Type': 'text/plain' }, body: hostile }],
    ));

  it('escapes a fault that quotes a variable', () =>
    trial(async ({ callout, file }) => {
      const vars = await file('v.json', JSON.stringify({ v: hostile }));
      const policy = calloutPolicy({ request: withHeaders({ a: '{v}' }) });
      const { code, stdout, stderr } = await callout(policy, '--vars', vars);
      expect(code).to.equal(1);
      expect(stdout + stderr).not.to.match(steering);
      expect(stdout).to.include('Invalid characters in request');
    }));

  it('colours only for a person whose terminal shows colours', () =>
    trial(async ({ file, url }) => {
      const policy = await file('SC.xml', calloutPolicy({}));
      const argv = ['callout', policy, '--upstream', `http://up.test=${url}`];
      const colours = /\x1b\[\d+m/;
      expect((await apx(argv)).stdout).not.to.match(colours);
      expect((await apx([...argv, '--json'])).stdout).not.to.match(colours);
    }));

  for (const argv of [['--help'], ['callout', '--help']]) {
    it(`explains ${argv.join(' ')} on stdout with exit code 0`, async () => {
      const { code, stdout, stderr } = await apx(argv);
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
      expect(stdout).to.match(/^Usage: apx/);
    });
  }

  it('has examples in its help', async () => {
    const { stdout } = await apx(['callout', '--help']);
    expect(stdout).to.include('Examples:\n  apx callout geocode.xml --var ');
    for (const flag of ['--var', '--vars', '--env', '--upstream', '--google-token', '--local']) {
      expect(stdout).to.match(new RegExp(`^ {2}${flag} <`, 'm'));
    }
  });
});
