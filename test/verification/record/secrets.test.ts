import { expect } from 'chai';
import { learnSecrets } from '../../../lib/verification/record/learn-secrets.ts';
import type { RecordedExchange } from '../../../lib/verification/record/recorded-exchange.ts';
import { foldRepeats } from '../../../lib/verification/record/repeats.ts';
import { Secrets } from '../../../lib/verification/record/secrets.ts';
import { recordedCase } from '../../../lib/verification/record/to-case.ts';

interface Parts {
  readonly target?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string | Uint8Array;
  readonly status?: number;
  readonly answer?: string;
}

function exchange({ target = '/', headers = [], body = '', status, answer }: Parts) {
  return {
    startedAt: 0,
    request: { method: 'POST', target, headers, body: Buffer.from(body) },
    response: { status: status ?? 200, reason: '', headers: [], body: Buffer.from(answer ?? '') },
    calls: [],
    inside: undefined,
  } satisfies RecordedExchange;
}

/** The text of the case that an exchange becomes. */
function written(parts: Parts, names: readonly string[] = []): string {
  const secrets = new Secrets(names);
  const one = exchange(parts);
  learnSecrets(one, secrets);
  return JSON.stringify(recordedCase(one, secrets).case);
}

const secret = 'hunter2-hunter2';

describe('the secrets of a recording', () => {
  const places: Readonly<Record<string, Parts>> = {
    'a header': { headers: [['X-Api-Key', secret]] },
    'an authorization': { headers: [['Authorization', `Bearer ${secret}`]] },
    'a cookie': { headers: [['Cookie', `theme=dark1; sid=${secret}`]] },
    'a query': { target: `/a?client_secret=${secret}&b=1` },
    'JSON, however deep': { body: JSON.stringify({ a: [{ password: secret }] }) },
    'lists and objects of a secret name': {
      body: JSON.stringify({ tokens: [secret], credentials: { pw: secret, days: 9 } }),
    },
    'a form': { body: `user=ada&password=${secret}` },
    XML: { body: `<a><Password x="1">${secret}</Password></a>` },
    'text with a scheme': { body: `curl -H 'Authorization: Bearer ${secret}'` },
    'what echoes it': {
      headers: [['Authorization', `Bearer ${secret}`]],
      answer: `you sent ${secret}, or ${Buffer.from(secret).toString('base64')}`,
    },
    'bytes that are no text': {
      headers: [['Authorization', `Bearer ${secret}`]],
      body: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(secret)]),
    },
    'Basic credentials': {
      headers: [['Authorization', `Basic ${Buffer.from(`ada:${secret}`).toString('base64')}`]],
    },
  };
  for (const [place, parts] of Object.entries(places)) {
    it(`are masked in ${place}`, () => {
      const text = written(parts);
      const encoded = Buffer.from(secret).toString('base64').replace(/=+$/, '');
      expect(text).to.not.contain(secret);
      expect(text).to.not.contain(encoded);
      expect(text).to.not.contain(Buffer.from(`ada:${secret}`).toString('base64'));
    });
  }

  it('are masked however short they are, where their name tells', () => {
    expect(written({ target: '/a?token=x1', headers: [['X-Api-Key', 'k9']] })).to.not.match(
      /x1|k9/,
    );
  });

  it('have the names that are given, too', () => {
    const headers = [['X-Tenant', secret]] as const;
    expect(written({ headers })).to.contain(secret);
    expect(written({ headers }, ['x-tenant'])).to.not.contain(secret);
  });

  it('keep Basic credentials such that a policy can decode them', () => {
    const headers = [
      ['Authorization', `Basic ${Buffer.from(`ada:${secret}`).toString('base64')}`],
    ] as const;
    const encoded = /Basic ([\w+/=]+)/.exec(written({ headers }))?.[1] ?? '';
    expect(Buffer.from(encoded, 'base64').toString()).to.match(/^ada:masked-\d+$/);
  });

  it('do not change types, or words that only look like a name', () => {
    const text = written({ answer: '{"token_type":"Bearer","max":100,"expires_in":3600}' });
    expect(text).to.contain('"token_type":"Bearer","max":100,"expires_in":3600');
  });
});

describe('repeats of a request', () => {
  const folded = (...all: readonly Parts[]) => {
    const secrets = new Secrets();
    return foldRepeats(all.map((parts) => recordedCase(exchange(parts), secrets)));
  };

  it('become one case that expects anything where they differ', () => {
    const [one, ...more] = folded(
      { answer: '{"id":1,"list":[1,2],"same":{"any":true}}' },
      { answer: '{"id":2,"list":[1,3],"same":{"any":true}}' },
    );
    expect(more).to.deep.equal([]);
    expect(one?.expect.response?.body).to.deep.equal({
      json: { id: { any: true }, list: [1, { any: true }], same: { equals: { any: true } } },
    });
  });

  it('stay cases of their own when they are answered in another way', () => {
    const cases = folded({ answer: '1' }, { status: 429, answer: '2' }, { answer: '1' });
    expect(cases.map(({ name }) => name)).to.deep.equal([
      'POST / answers 200',
      'POST / answers 429',
    ]);
  });

  it('are told apart from other requests, but not by an id of their own', () => {
    const id = (value: string) => ({ headers: [['X-Request-ID', value]] as const, answer: value });
    expect(folded(id('1'), id('2'))).to.have.length(1);
    expect(folded({ body: 'a' }, { body: 'b' }, { target: '/c' }).map(({ name }) => name))
      .to.deep //
      .equal(['POST / answers 200', 'POST / answers 200 (2)', 'POST /c answers 200']);
  });
});
