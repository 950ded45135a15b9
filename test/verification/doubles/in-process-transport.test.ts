import { expect } from 'chai';
import {
  TransportError,
  type IncomingResponse,
  type OutgoingRequest,
} from '../../../lib/connection/transport.ts';
import { AnswerBook } from '../../../lib/verification/doubles/answers.ts';
import { createInProcessTransport } from '../../../lib/verification/doubles/in-process-transport.ts';
import { VirtualClock } from '../../../lib/verification/doubles/virtual-clock.ts';
import type { ObservedCall } from '../../../lib/verification/matching/compare-message.ts';
import type { Answer, Upstreams } from '../../../lib/verification/suite/case.ts';

interface World {
  readonly clock: VirtualClock;
  readonly calls: ObservedCall[];
  readonly unexpected: ObservedCall[];
  readonly send: (more?: Partial<OutgoingRequest>) => Promise<IncomingResponse>;
}

function world(upstreams: Upstreams): World {
  const clock = new VirtualClock(0);
  const calls: ObservedCall[] = [];
  const unexpected: ObservedCall[] = [];
  const transport = createInProcessTransport({
    book: new AnswerBook(upstreams),
    clock,
    onCall: (call) => calls.push(call),
    onUnexpected: (call) => unexpected.push(call),
  });
  const request: OutgoingRequest = {
    origin: { scheme: 'http', host: 'a.test', port: 80 },
    method: 'GET',
    target: '/x?y',
    headers: [],
    body: null,
    limits: { connectTimeout: 3_000, idleTimeout: 5_000, keepAlive: 0, responseBody: 1_000 },
    tls: undefined,
    signal: undefined,
  };
  return { clock, calls, unexpected, send: (more) => transport.send({ ...request, ...more }) };
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof TransportError) return error.kind;
    throw error;
  }
  return 'none';
}

describe('upstreams in the process', () => {
  it('answer 200 with a little JSON unless the case says more', async () => {
    const { send, calls } = world({ 'http://A.test:80/': {} });
    const { status, headers, body } = await send();
    expect({ status, text: Buffer.from(body).toString() }).to.deep.equal({
      status: 200,
      text: '{"ok":true}',
    });
    expect(headers).to.deep.include(['Content-Type', 'application/json']);
    expect(calls.map(({ url }) => url)).to.deep.equal(['http://a.test/x?y']);
  });

  it('take their answers one after another, the last again and again', async () => {
    const { send } = world({ 'http://a.test': [{ status: 201 }, { status: 202 }] });
    const statuses = [await send(), await send(), await send()].map(({ status }) => status);
    expect(statuses).to.deep.equal([201, 202, 202]);
  });

  it('answer each call with what is meant for it', async () => {
    const { send } = world({
      'http://a.test': [{ when: { url: { pattern: '/b' } }, status: 201 }, { status: 202 }],
    });
    const first = await send();
    const second = await send({ target: '/b' });
    expect([first.status, second.status]).to.deep.equal([202, 201]);
  });

  it('refuse connections where no answer is for a call, and tell it', async () => {
    const { send, unexpected, calls } = world({ 'http://b.test': {} });
    expect(await failureOf(send())).to.equal('unreachable');
    expect(unexpected.map(({ url }) => url)).to.deep.equal(['http://a.test/x?y']);
    expect(calls).to.deep.equal([]);
  });

  const failures: readonly (readonly [Answer, string, number])[] = [
    [{ failure: 'refused' }, 'unreachable', 0],
    [{ failure: 'unresolvable' }, 'unreachable', 0],
    [{ failure: 'tls' }, 'tls', 0],
    [{ failure: 'reset' }, 'broken', 0],
    [{ failure: 'cut', delay: 20 }, 'broken', 20],
    [{ failure: 'hang' }, 'idle-timeout', 5_000],
    [{ delay: 5_000 }, 'idle-timeout', 5_000],
    [{ delay: 4_999 }, 'none', 4_999],
    [{ stall: 6_000 }, 'idle-timeout', 5_000],
    [{ body: { size: 1_001 } }, 'too-large', 0],
    [{ body: { size: 1_000 } }, 'none', 0],
  ];
  for (const [answer, reason, milliseconds] of failures) {
    it(`end with ${reason} after ${milliseconds} virtual milliseconds: ${JSON.stringify(answer)}`, async () => {
      const { send, clock } = world({ 'http://a.test': answer });
      expect(await failureOf(send())).to.equal(reason);
      expect(clock.now()).to.equal(milliseconds);
    });
  }

  it('let callers wait beside each other', async () => {
    const { send, clock } = world({ 'http://a.test': { delay: 1_000 } });
    await Promise.all([send(), send(), send()]);
    expect(clock.now()).to.equal(1_000);
  });

  it('end as soon as the caller gives up', async () => {
    const { send, clock } = world({ 'http://a.test': { failure: 'hang' } });
    const gaveUp = new AbortController();
    clock.after(10, () => {
      gaveUp.abort();
    });
    expect(await failureOf(send({ signal: gaveUp.signal }))).to.equal('aborted');
    expect(clock.now()).to.be.below(5_000);
  });

  it('decode what they encode, and send no body to HEAD', async () => {
    const { send } = world({ 'http://a.test': { body: 'plain', encoding: 'gzip' } });
    const { body, encodedBody } = await send();
    expect(Buffer.from(body).toString()).to.equal('plain');
    expect(encodedBody?.subarray(0, 2)).to.deep.equal(Buffer.from([0x1f, 0x8b]));
    expect((await send({ method: 'HEAD' })).body).to.have.length(0);
  });
});
