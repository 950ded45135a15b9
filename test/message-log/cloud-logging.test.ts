import { expect } from 'chai';
import { fixedTokenProvider, type TokenProvider } from '../../lib/connection/google-tokens.ts';
import { createUndiciTransport } from '../../lib/connection/undici-transport.ts';
import { mapUpstreams } from '../../lib/connection/upstream-map.ts';
import { systemClock } from '../../lib/host/clock.ts';
import { createMessageDelivery } from '../../lib/message-log/delivery.ts';
import type { MessageLogEntry } from '../../lib/message-log/message-log.ts';
import { secureRandom } from '../../lib/host/random.ts';
import { startUpstream, type Answer } from '../support/upstream.ts';

const entry = (payload: MessageLogEntry['payload']): MessageLogEntry => ({
  policy: 'ML',
  level: 'WARN',
  timestamp: 1_700_000_000_000,
  payload,
  destination: {
    kind: 'cloud-logging',
    logName: 'projects/p/logs/l',
    resourceType: 'global',
    labels: { k: 'v' },
  },
});

interface Written {
  readonly bodies: readonly unknown[];
  readonly authorizations: readonly (string | undefined)[];
  readonly told: readonly string[];
}

async function write(
  answers: readonly Answer[],
  entries: readonly MessageLogEntry[],
  tokens: TokenProvider = fixedTokenProvider('T'),
): Promise<Written> {
  const bodies: unknown[] = [];
  const authorizations: (string | undefined)[] = [];
  const told: string[] = [];
  const google = await startUpstream({
    answers,
    certificate: undefined,
    onCall({ method, target, body, headers }) {
      expect(`${method} ${target}`).to.equal('POST /v2/entries:write');
      bodies.push(JSON.parse(Buffer.from(body).toString()));
      authorizations.push(headers.find(([name]) => /^authorization$/i.test(name))?.[1]);
    },
  });
  const transport = mapUpstreams(
    createUndiciTransport({ clock: systemClock, responseHeaders: 10_000 }),
    new Map([['https://logging.googleapis.com', new URL(google.url)]]),
  );
  const log = createMessageDelivery({
    host: {
      clock: systemClock,
      random: secureRandom,
      log: { warn: (_details, message) => told.push(message), error: () => undefined },
    },
    transport,
    tokens,
    directory: 'unused',
  });
  for (const one of entries) log.write(one);
  await log.close?.();
  await transport.close();
  await google.close();
  return { bodies, authorizations, told };
}

describe('Cloud Logging', () => {
  it('gets entries in one request, as text or as fields, with a token', async () => {
    const { bodies, authorizations, told } = await write(
      [{ body: '{}' }],
      [entry({ kind: 'text', text: '{bad' }), entry({ kind: 'json', object: { a: 1 } })],
    );
    const common = {
      logName: 'projects/p/logs/l',
      resource: { type: 'global' },
      severity: 'WARNING',
      timestamp: '2023-11-14T22:13:20.000Z',
      labels: { k: 'v' },
    };
    expect(bodies).to.deep.equal([
      {
        entries: [
          { ...common, textPayload: '{bad' },
          { ...common, jsonPayload: { a: 1 } },
        ],
        partialSuccess: true,
      },
    ]);
    expect(authorizations).to.deep.equal(['Bearer T']);
    expect(told).to.be.empty;
  });

  it('is not asked again for what it refuses', async () => {
    const { bodies, told } = await write(
      [{ status: 403, body: '{}' }],
      [entry({ kind: 'text', text: 'x' })],
    );
    expect(bodies).to.have.length(1);
    expect(told).to.deep.equal([
      'Log messages could not be delivered',
      'Log messages were dropped',
    ]);
  });

  it('gets nothing without a token, and the operator is told', async () => {
    const tokens: TokenProvider = {
      accessToken: () => Promise.reject(new Error('no account')),
      idToken: () => Promise.reject(new Error('no account')),
    };
    const { bodies, told } = await write([{}], [entry({ kind: 'text', text: 'x' })], tokens);
    expect(bodies).to.be.empty;
    expect(told).to.include('Log messages were dropped');
  });
});
