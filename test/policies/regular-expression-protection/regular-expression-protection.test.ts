import { expect } from 'chai';
import { runPolicy } from '../run-policy.ts';

const policy = (parts: string) =>
  `<RegularExpressionProtection name="REP">${parts}</RegularExpressionProtection>`;

const requestWith = (contentType: string, content: string) => ({
  variables: {
    request: {
      message: 'request',
      verb: 'POST',
      path: '/',
      headers: { 'Content-Type': contentType },
      content,
    },
  },
});

const failed = 'steps.regexprotection.ExecutionFailed';

describe('RegularExpressionProtection', () => {
  const evil = ['(a+)+$', '(a|a)*$', '(.*a){20}$', '([a-z]+)*=', '^(?:a?){30}a{30}$', '(x+x+)+y'];
  for (const pattern of evil) {
    it(`ends a match of ${pattern} that would run for ever`, async () => {
      const variable = `<Variable name="v"><Pattern>${pattern}</Pattern></Variable>`;
      const { fault } = await runPolicy(policy(variable), {
        variables: { v: `${'a'.repeat(25_000)}${'x'.repeat(25_000)}!` },
      });
      expect(['steps.regexprotection.ThreatDetected', failed, undefined]).to.include(fault?.code);
    });
  }

  it('bounds all matches of one run together', async () => {
    const json = '<JSONPayload><JSONPath><Expression>$[*]</Expression>%</JSONPath></JSONPayload>';
    const costly = json.replace('%', '<Pattern>^(a{1,40}){1,9}!</Pattern>');
    const texts = JSON.stringify(Array.from({ length: 20_000 }, () => 'a'.repeat(60)));
    const { fault } = await runPolicy(policy(costly), requestWith('application/json', texts));
    expect(fault?.code).to.equal(failed);
    const cheap = json.replace('%', '<Pattern>b</Pattern>');
    expect((await runPolicy(policy(cheap), requestWith('application/json', texts))).fault).to.equal(
      undefined,
    );
  });

  it('looks at so much text and no more', async () => {
    const nested = `${'['.repeat(500)}"${'a'.repeat(200_000)}"${']'.repeat(500)}`;
    const all =
      '<JSONPayload><JSONPath><Expression>$..*</Expression><Pattern>b</Pattern></JSONPath></JSONPayload>';
    const { fault } = await runPolicy(policy(all), requestWith('application/json', nested));
    expect(fault?.faultstring).to.include('too much text');
  });

  it('does not let pass what it cannot read', async () => {
    const json =
      '<JSONPayload><JSONPath><Expression>$</Expression><Pattern>b</Pattern></JSONPath></JSONPayload>';
    const xml =
      '<XMLPayload><XPath><Expression>//*</Expression><Pattern>b</Pattern></XPath></XMLPayload>';
    const unreadable: readonly (readonly [parts: string, type: string, content: string])[] = [
      [json, 'application/json', '['.repeat(1_000_000)],
      [json, 'application/json', '['.repeat(100_000) + ']'.repeat(100_000)],
      [xml, 'text/xml', '<a>'.repeat(300)],
      [xml, 'text/xml', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ];
    for (const [parts, type, content] of unreadable) {
      const { fault } = await runPolicy(policy(`<Source>m</Source>${parts}`), {
        variables: { m: requestWith(type, content).variables.request },
      });
      expect(fault?.code).to.equal(failed);
    }
  });
});
