import { expect } from 'chai';
import {
  TransportError,
  type IncomingResponse,
  type OutgoingRequest,
} from '../../lib/connection/transport.ts';
import { wholeTransport } from '../../lib/connection/whole-transport.ts';
import { ManualClock } from './wire/manual-clock.ts';

const request = (total: number | undefined): OutgoingRequest => ({
  origin: { scheme: 'http', host: 'a.test', port: 80 },
  method: 'GET',
  target: '/',
  headers: [],
  body: null,
  tls: undefined,
  limits: { connectTimeout: 0, idleTimeout: 0, keepAlive: 0, responseBody: 1_000, total },
  signal: undefined,
});

const answer: IncomingResponse = {
  status: 200,
  reason: 'OK',
  version: '1.1',
  headers: [],
  body: new Uint8Array(),
};

describe('a transport of the host', () => {
  for (const way of ['send', 'stream'] as const) {
    it(`is given up where ${way} outlasts the total time, and told so`, async () => {
      const clock = new ManualClock();
      let given: OutgoingRequest | undefined;
      const transport = wholeTransport(
        {
          send: (one) => {
            given = one;
            return new Promise(() => undefined);
          },
          close: () => Promise.resolve(),
        },
        clock,
      );
      const outcome = transport[way](request(200)).catch((error: unknown) => error);
      clock.advance(1_000);
      expect(await outcome)
        .to.be.instanceOf(TransportError)
        .that.includes({ kind: 'idle-timeout' });
      expect(given?.signal?.aborted).to.equal(true);
      expect(clock.timers).to.equal(0);
    });
  }

  it('leaves no timer behind when it answers in time, and has none without a total time', async () => {
    const clock = new ManualClock();
    const transport = wholeTransport(
      { send: () => Promise.resolve(answer), close: () => Promise.resolve() },
      clock,
    );
    expect((await transport.send(request(200))).status).to.equal(200);
    expect((await transport.send(request(undefined))).status).to.equal(200);
    expect(clock.timers).to.equal(0);
  });
});
