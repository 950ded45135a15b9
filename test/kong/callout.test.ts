import { expect } from 'chai';
import { createBackgroundCalls } from '../../lib/connection/background-calls.ts';
import { createUndiciTransport } from '../../lib/connection/undici-transport.ts';
import { Fault } from '../../lib/fault/fault.ts';
import { systemClock } from '../../lib/host/clock.ts';
import { runKongCallout, type KongRequest } from '../../lib/kong/callout.ts';
import { readKongPlugins } from '../../lib/kong/read-plugins.ts';
import type { ReceivedRequest } from '../support/request-reader.ts';
import { startUpstream, type Answer } from '../support/upstream.ts';

interface Outcome {
  readonly fault: Fault | undefined;
  readonly calls: readonly ReceivedRequest[];
  readonly shared: Readonly<Record<string, unknown>>;
  readonly log: readonly string[];
}

/** Runs a plugin of these fields against a server that answers so. */
async function run(
  fields: Readonly<Record<string, unknown>>,
  answer: Answer,
  { body = '', shared = {} }: { readonly body?: string; readonly shared?: object } = {},
): Promise<Outcome> {
  const calls: ReceivedRequest[] = [];
  const upstream = await startUpstream({
    answers: [answer],
    certificate: undefined,
    onCall: (call) => calls.push(call),
  });
  const config = { callout_url: `${upstream.url}/path?q=1`, ...fields };
  const [plugin] = readKongPlugins(
    JSON.stringify({ name: 'service-callout', config }),
    'kong.json',
    ({ message }) => {
      throw new Error(message);
    },
  );
  if (plugin === undefined) throw new Error('It was not read.');
  const transport = createUndiciTransport({ clock: systemClock });
  const background = createBackgroundCalls(10);
  const log: string[] = [];
  const tell = (_details: object, message: string) => log.push(message);
  const request: KongRequest = {
    body: Buffer.from(body),
    shared: new Map(Object.entries(shared)),
  };
  let fault: Fault | undefined;
  try {
    await runKongCallout(plugin, request, {
      transport,
      background,
      log: { warn: tell, error: tell },
    });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    fault = error;
  } finally {
    await background.settled();
    await transport.close();
    await upstream.close();
  }
  return { fault, calls, shared: Object.fromEntries(request.shared), log };
}

const bodyOf = ({ calls }: Outcome): string | undefined =>
  calls[0] === undefined ? undefined : Buffer.from(calls[0].body).toString();

const key = { response_to_shared_context_key: 'answer' };

describe("Kong's service-callout", () => {
  it('sends what is configured, and nothing of the client but its body', async () => {
    const outcome = await run(
      { headers: { 'X-A': '1', 'Content-Type': 'text/plain' } },
      {},
      { body: 'raw' },
    );
    const [call] = outcome.calls;
    expect(call).to.deep.include({ method: 'POST', target: '/path?q=1' });
    const names = (call?.headers ?? []).map(([name]) => name.toLowerCase());
    expect(names).to.have.members(['host', 'connection', 'x-a', 'content-type', 'content-length']);
    expect(bodyOf(outcome)).to.equal('raw');
  });

  const bodies: readonly [title: string, fields: object, shared: object, body: string][] = [
    ['the raw body of the client', {}, {}, 'client'],
    ['no body', { request_body_source_type: 'none' }, {}, ''],
    ['a text of the shared context', named('k'), { k: 'text' }, 'text'],
    ['a number of the shared context as text', named('k'), { k: 7 }, '7'],
    ['a table of the shared context as JSON', named('k'), { k: { a: [1] } }, '{"a":[1]}'],
    ['no body where the shared context has none', named('k'), {}, ''],
  ];
  for (const [title, fields, shared, body] of bodies) {
    it(`sends ${title}`, async () => {
      const outcome = await run({ ...fields }, {}, { body: 'client', shared });
      expect(outcome.fault).to.equal(undefined);
      expect(bodyOf(outcome)).to.equal(body);
    });
  }

  it('keeps status, headers and decoded body under the key', async () => {
    const headers = { 'Content-Type': 'application/json', 'X-Two': ['a', 'b'] };
    const { shared, fault } = await run(key, { status: 201, headers, body: '{"id":7}' });
    expect(fault).to.equal(undefined);
    expect(shared['answer']).to.deep.equal({
      status: 201,
      headers: { 'content-type': 'application/json', 'x-two': ['a', 'b'], 'content-length': '8' },
      body: { id: 7 },
    });
  });

  it('keeps a body that is no JSON as its text', async () => {
    const { shared } = await run(key, { body: '<a/>' });
    expect(shared['answer']).to.have.property('body', '<a/>');
  });

  it('takes 3xx for a success, and does not follow it', async () => {
    const { calls, fault, shared } = await run(key, { status: 302, headers: { Location: '/x' } });
    expect(fault).to.equal(undefined);
    expect(calls).to.have.length(1);
    expect(shared['answer']).to.have.property('status', 302);
  });

  it('ends the request on a status of 400, and keeps the answer all the same', async () => {
    const { fault, shared } = await run(
      { ...key, on_error_status: 502, on_error_body: '{"no":1}' },
      { status: 400, body: 'bad' },
    );
    expect(fault).to.include({ status: 502, faultstring: '{"no":1}' });
    expect(shared['answer']).to.deep.include({ status: 400, body: 'bad' });
  });

  it('ends the request with the default answer when no answer comes', async () => {
    const { fault, shared } = await run(key, { failure: 'reset' });
    expect(fault).to.include({ status: 500, faultstring: 'External Callout failed.' });
    expect(shared['answer']).to.deep.include({ status: 0, headers: {} });
  });

  it('goes on after a failure if it may, and logs it', async () => {
    const { fault, shared, log } = await run(
      { ...key, on_error_continue: true },
      { failure: 'refused' },
    );
    expect(fault).to.equal(undefined);
    expect(shared['answer']).to.have.property('status', 0);
    expect(log).to.deep.equal(['A callout failed']);
  });

  it('does not wait, keep or fail where nobody waits for it', async () => {
    const { fault, calls, shared, log } = await run(
      { ...key, wait_for_response: false },
      { status: 500 },
      { body: 'entry' },
    );
    expect(fault).to.equal(undefined);
    expect(calls).to.have.length(1);
    expect(shared).to.deep.equal({});
    expect(log).to.deep.equal(['A callout that nobody waits for failed']);
  });
});

function named(name: string): object {
  return { request_body_source_type: 'shared_context', request_body_source_name: name };
}
