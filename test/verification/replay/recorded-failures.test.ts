import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import {
  TransportError,
  type IncomingResponse,
  type TransportFailureKind,
} from '../../../lib/connection/transport.ts';
import { createGateway } from '../../../lib/gateway/gateway.ts';
import { debugSession, type DebugSession } from '../../../lib/trace/debug-session.ts';
import { TransactionRecorder } from '../../../lib/trace/transaction-recorder.ts';
import { inFolder } from '../../bundle/folder.ts';
import { ordersBundles, replayed, type Replay } from './orders.ts';

type Outcome = Partial<IncomingResponse> | TransportFailureKind;

async function recordedWith(outcomes: {
  readonly weather?: Outcome;
  readonly target?: Outcome;
}): Promise<DebugSession> {
  const sessions: DebugSession[] = [];
  const gateway = await createGateway({
    bundles: await ordersBundles(),
    recorderFor: () => new TransactionRecorder((record) => sessions.push(debugSession(record))),
    transport: {
      async send({ origin }) {
        await Promise.resolve();
        const outcome = outcomes[origin.host === 'weather.example' ? 'weather' : 'target'] ?? {};
        if (typeof outcome === 'string') throw new TransportError(outcome, 'as the test wants it');
        const body = new TextEncoder().encode('{"n":1}');
        const headers = [['Content-Type', 'application/json']] as const;
        return { status: 200, reason: 'OK', version: '1.1', headers, body, ...outcome };
      },
      close: () => Promise.resolve(),
    },
  });
  await gateway.handle(new Request('http://api.example.com/v1/orders/7?weather=true&city=Paris'));
  await gateway.idle();
  await gateway.close();
  const [session] = sessions;
  if (session === undefined) throw new Error('Nothing was recorded');
  return session;
}

const replayOf = (session: DebugSession): Promise<Replay> =>
  inFolder({}, async (folder) => {
    const file = join(folder, 'session.json');
    await writeFile(file, JSON.stringify(session));
    return replayed({ session: file, bundles: await ordersBundles() });
  });

const plain = new TextEncoder().encode('{"packed":true}');

const targets: readonly (readonly [name: string, outcome: Outcome])[] = [
  ['refused', 'unreachable'],
  ['not reached in time', 'connect-timeout'],
  ['silent', 'idle-timeout'],
  ['breaking off', 'broken'],
  ['without a good certificate', 'tls'],
  ['answering too much', 'too-large'],
  ['answering what cannot be unpacked', 'undecodable'],
  ['answering 500', { status: 500, reason: 'Oh', body: new Uint8Array() }],
  ['answering without a body', { status: 204, reason: 'No Content', body: new Uint8Array() }],
  ['answering bytes', { body: new Uint8Array([0, 255, 254, 13, 10]) }],
  [
    'answering a header twice',
    {
      headers: [
        ['X-A', '1'],
        ['x-a', '2'],
        ['Link', '<a>; rel="b"'],
      ],
    },
  ],
  [
    'answering with a content coding',
    { headers: [['Content-Encoding', 'gzip']], body: plain, encodedBody: gzipSync(plain) },
  ],
];

const callouts: readonly (readonly [name: string, outcome: Outcome])[] = [
  ['refused', 'unreachable'],
  ['silent', 'idle-timeout'],
  ['breaking off', 'broken'],
  ['answering 500', { status: 500, reason: 'Oh', body: new Uint8Array() }],
];

describe('a recorded transaction', () => {
  for (const [name, target] of targets) {
    it(`replays with its target ${name}`, async () => {
      const { unexplained, start } = await replayOf(await recordedWith({ target }));
      expect(start.transactions).to.equal(1);
      expect(unexplained).to.deep.equal([]);
    });
  }

  for (const [name, weather] of callouts) {
    it(`replays with a callout's service ${name}`, async () => {
      const { unexplained } = await replayOf(await recordedWith({ weather }));
      expect(unexplained).to.deep.equal([]);
    });
  }
});
