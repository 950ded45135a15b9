import { expect } from 'chai';
import { debugSessionText } from '../../lib/trace/debug-session.ts';
import { isSecretVariable, masked } from '../../lib/trace/masking.ts';
import { memoryTraces } from '../../lib/trace/memory-traces.ts';
import { clientRequest, deploy, runToEnd } from './play.ts';
import { checksSharedFlow, ordersProxy } from './orders-proxy.ts';

const texts: readonly (readonly [what: string, text: string, expected: string])[] = [
  ['a bearer token', 'x Bearer abcdef y', 'x Bearer ***** y'],
  ['a JSON Web Token', 'jwt eyJhbGci.eyJzdWIi.c2ln;', 'jwt *****;'],
  ['a query parameter', '/a?apikey=abc&x=1', '/a?apikey=*****&x=1'],
  ['a form field', 'a=1&client_secret=abc', 'a=1&client_secret=*****'],
  ['a JSON string', '{"access_token":"a\\"bc","x":1}', '{"access_token":"*****","x":1}'],
  ['a JSON number', '{"password": 1234}', '{"password": "*****"}'],
  [
    'JSON within JSON',
    '"{\\"id_token\\":\\"abc\\",\\"y\\":1}"',
    '"{\\"id_token\\":"*****",\\"y\\":1}"',
  ],
  ['JSON that was cut', '{"refresh_token":"abc', '{"refresh_token":"*****"'],
  ['an XML element', '<o:Password a="b">abc</o:Password>', '<o:Password a="b">*****</o:Password>'],
  ['user info of a URL', 'https://ada:abc@host/x', 'https://*****@host/x'],
];

const harmless: readonly string[] = [
  '{"token_type":"mac","expires_in":3600}',
  '/orders?id=7&sort=name',
  'Raising fault. Fault name : RF-Token',
  'https://host/x@y',
];

const variables: readonly (readonly [name: string, isSecret: boolean])[] = [
  ['private.password', true],
  ['private', true],
  ['request.header.Authorization', true],
  ['request.header.x-api-key.values', true],
  ['my.message.queryparam.apikey.1', true],
  ['message.header.cookie', true],
  ['oauthv2accesstoken.Generate.access_token', true],
  ['privately', false],
  ['servicecallout.Get-Token.failed', false],
  ['request.header.accept', false],
];

/** Texts on which a careless pattern takes time squared. */
const slow: readonly string[] = [
  'eyJ'.repeat(30_000),
  'token'.repeat(20_000),
  '"token":'.repeat(10_000),
  '<token'.repeat(15_000),
  'Bearer '.repeat(15_000),
  '://'.repeat(30_000),
  `"token":"${'\\"'.repeat(40_000)}`,
  "token':'".repeat(10_000),
  '$'.repeat(80_000),
];

describe('masking', () => {
  for (const [what, text, expected] of texts) {
    it(`masks ${what} in a text`, () => {
      expect(masked(text)).to.equal(expected);
    });
  }

  it('leaves other texts as they are', () => {
    expect(harmless.map(masked)).to.deep.equal(harmless);
  });

  for (const [name, isSecret] of variables) {
    it(`${isSecret ? 'masks' : 'shows'} the variable ${name}`, () => {
      expect(isSecretVariable(name)).to.equal(isSecret);
    });
  }

  it('takes no time squared', () => {
    const started = process.hrtime.bigint();
    for (const text of slow) masked(text);
    // Some milliseconds; with a squared pattern, minutes.
    expect(Number(process.hrtime.bigint() - started) / 1e6).to.be.below(5_000);
  });

  it('lets no secret of a transaction into its record', async () => {
    const canary = 'canary-4711';
    const deployment = await deploy({
      proxy: ordersProxy,
      sharedFlow: checksSharedFlow,
      answers: () => ({
        headers: [
          ['Content-Type', 'application/json'],
          ['Set-Cookie', `sid=${canary}`],
        ],
        body: new TextEncoder().encode(`{"access_token":"${canary}"}`),
      }),
    });
    const traces = memoryTraces();
    const request = clientRequest({
      method: 'POST',
      target: `/orders/7?apikey=${canary}&unpaid=no`,
      headers: [
        ['Host', 'api.example.com'],
        ['Authorization', `Bearer ${canary}`],
        ['Proxy-Authorization', `Basic ${canary}`],
        ['Cookie', `sid=${canary}`],
        ['X-Api-Key', canary],
        ['X-Auth-Token', canary],
        ['Content-Type', 'application/x-www-form-urlencoded'],
      ],
      body: `user=ada&password=${canary}`,
    });
    await runToEnd(deployment, request, traces.recorderFor());
    const [record] = traces.records();
    const text = record === undefined ? '' : debugSessionText(record);
    expect(text).to.include('private.key').and.include('user=ada');
    expect(text).not.to.include(canary);
  });
});
