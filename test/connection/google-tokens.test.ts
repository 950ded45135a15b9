import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  fixedTokenProvider,
  TokenError,
  type TokenProvider,
} from '../../lib/connection/google-tokens.ts';
import {
  createGoogleTokenProvider,
  type GoogleTokenOptions,
} from '../../lib/connection/google-tokens/impersonated-tokens.ts';
import type { Clock } from '../../lib/host/clock.ts';

const serviceAccount = 'callout@project.iam.gserviceaccount.com';
const runtimeToken = 'ya29.runtime-canary';

interface Call {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

type Answering = (call: Call) => Answer | 'hang' | 'break';

/** A clock whose time only moves when told to. */
function handClock() {
  const timers = new Set<{ at: number; run: () => void }>();
  const clock: Clock & { time: number; advance(milliseconds: number): void; waiting(): number } = {
    time: Date.UTC(2026, 0, 1),
    now: () => clock.time,
    nanoseconds: () => clock.time * 1e6,
    after(milliseconds, run) {
      const timer = { at: clock.time + milliseconds, run };
      timers.add(timer);
      return { cancel: () => timers.delete(timer) };
    },
    advance(milliseconds) {
      clock.time += milliseconds;
      for (const timer of [...timers]) {
        if (timer.at > clock.time || !timers.delete(timer)) continue;
        timer.run();
      }
    },
    waiting: () => timers.size,
  };
  return clock;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  const parsed: unknown = text === '' ? undefined : JSON.parse(text);
  return parsed;
}

/** Answers as Google's metadata server and as its IAM Credentials API do. */
class Google {
  readonly metadata: string[] = [];
  readonly calls: Call[] = [];
  readonly server: Server;
  metadataAnswer: Answer = {
    status: 200,
    body: JSON.stringify({ access_token: runtimeToken, expires_in: 3599, token_type: 'Bearer' }),
  };
  answer: Answering = () => ({ status: 500, body: '{}' });
  /** Called with every call to the IAM Credentials API as it comes in. */
  called: () => void = () => undefined;

  constructor() {
    this.server = createServer((request, response) => {
      void this.serve(request, response);
    });
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const body = await bodyOf(request);
    if (path.startsWith('/computeMetadata/')) {
      this.metadata.push(path);
      const known = request.headers['metadata-flavor'] === 'Google';
      const { status, body: text } = known ? this.metadataAnswer : { status: 403, body: '' };
      response.writeHead(status, {
        'metadata-flavor': 'Google',
        'content-type': 'application/json',
      });
      response.end(text);
      return;
    }
    const { authorization } = request.headers;
    const call = { method: request.method ?? '', path, authorization, body };
    this.calls.push(call);
    this.called();
    const answer = this.answer(call);
    if (answer === 'hang') return;
    if (answer === 'break') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"accessToken":', () => response.destroy());
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(answer.body);
  }

  get host(): string {
    const { port } = this.server.address() as AddressInfo;
    return `127.0.0.1:${port}`;
  }
}

function json(status: number, value: unknown): Answer {
  return { status, body: JSON.stringify(value) };
}

function googleError(code: number, status: string, message: string): Answer {
  return json(code, { error: { code, status, message } });
}

function idTokenEnding(seconds: number): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part({ exp: seconds })}.c2lnbmF0dXJl`;
}

async function failureOf(attempt: Promise<unknown>): Promise<TokenError> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof TokenError)) throw new Error(`not a TokenError: ${String(error)}`);
  return error;
}

// Every variable that could lead the library out of this machine, or to a developer's own login.
const variables = [
  'GCE_METADATA_HOST',
  'GCE_METADATA_IP',
  'METADATA_SERVER_DETECTION',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'CLOUDSDK_CONFIG',
  'GOOGLE_CLOUD_PROJECT',
  'HOME',
  'APPDATA',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'http_proxy',
  'https_proxy',
];

describe('Google tokens', () => {
  const before_ = new Map<string, string | undefined>();
  let google: Google;
  let home: string;
  let clock: ReturnType<typeof handClock>;
  let provider: TokenProvider;

  const create = (given: Partial<GoogleTokenOptions> = {}) =>
    createGoogleTokenProvider({
      environment: { serviceAccount },
      clock,
      identity: 'metadata-server',
      endpoint: `http://${google.host}`,
      timeoutMilliseconds: 5_000,
      ...given,
    });

  let minted = 0;
  /** As the API does: a new token each time, which lives as long as was asked for. */
  const minting: Answering = ({ path, body }) => {
    minted += 1;
    if (path.endsWith(':generateIdToken')) {
      return json(200, { token: idTokenEnding(clock.time / 1000 + 3600) });
    }
    const { lifetime } = body as { lifetime: string };
    const expireTime = new Date(clock.time + Number.parseInt(lifetime) * 1000).toISOString();
    return json(200, { accessToken: `ya29.minted-${minted}`, expireTime });
  };

  before(async () => {
    for (const name of variables) before_.set(name, process.env[name]);
    home = await mkdtemp(join(tmpdir(), 'apx-tokens-'));
    google = new Google();
    await new Promise<void>((resolve) => google.server.listen(0, '127.0.0.1', resolve));
    for (const name of variables) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, {
      HOME: home,
      APPDATA: home,
      CLOUDSDK_CONFIG: home,
      GOOGLE_CLOUD_PROJECT: 'project',
      GCE_METADATA_HOST: google.host,
      METADATA_SERVER_DETECTION: 'assume-present',
    });
  });

  after(async () => {
    for (const [name, value] of before_) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    google.server.closeAllConnections();
    await new Promise((resolve) => google.server.close(resolve));
    await rm(home, { recursive: true });
  });

  beforeEach(() => {
    google.calls.length = 0;
    google.metadata.length = 0;
    google.metadataAnswer = json(200, {
      access_token: runtimeToken,
      expires_in: 3599,
      token_type: 'Bearer',
    });
    google.called = () => undefined;
    google.answer = minting;
    minted = 0;
    clock = handClock();
    provider = create();
  });

  const scopes = ['https://www.googleapis.com/auth/cloud-platform'];
  const access = (given: Partial<{ scopes: string[]; lifetimeSeconds: number }> = {}) =>
    provider.accessToken({ scopes, lifetimeSeconds: 3600, ...given });

  it('servicecallout 169: an access token is minted for the service account', async () => {
    expect(await access({ lifetimeSeconds: 600 })).to.equal('ya29.minted-1');
    expect(google.calls).to.have.lengthOf(1);
    const [call] = google.calls;
    expect(call?.method).to.equal('POST');
    expect(call?.path).to.equal(
      `/v1/projects/-/serviceAccounts/${serviceAccount}:generateAccessToken`,
    );
    expect(call?.authorization).to.equal(`Bearer ${runtimeToken}`);
    expect(call?.body).to.include({ lifetime: '600s' }).and.to.deep.include({ scope: scopes });
  });

  it('an ID token is minted for the audience, with or without the email', async () => {
    const token = await provider.idToken({ audience: 'https://h/foo', includeEmail: true });
    expect(token.split('.')).to.have.lengthOf(3);
    await provider.idToken({ audience: 'https://h/foo', includeEmail: false });
    expect(google.calls.map(({ path }) => path)).to.deep.equal([
      `/v1/projects/-/serviceAccounts/${serviceAccount}:generateIdToken`,
      `/v1/projects/-/serviceAccounts/${serviceAccount}:generateIdToken`,
    ]);
    expect(google.calls[0]?.body).to.include({ audience: 'https://h/foo', includeEmail: true });
    expect(google.calls[1]?.body).to.include({ audience: 'https://h/foo', includeEmail: false });
  });

  it('the runtime’s own identity comes from the application default credentials', async () => {
    provider = create({ identity: 'application-default' });
    expect(await access()).to.equal('ya29.minted-1');
    expect(google.metadata.some((path) => path.includes('/service-accounts/'))).to.equal(true);
  });

  describe('are kept', () => {
    it('servicecallout 176: two calls within the lifetime make one token request', async () => {
      const first = await access();
      expect(await access()).to.equal(first);
      expect(google.calls).to.have.lengthOf(1);
    });

    it('whatever the order and repetition of the scopes', async () => {
      await access({ scopes: ['b', 'a'] });
      await access({ scopes: ['a', 'b', 'a'] });
      expect(google.calls).to.have.lengthOf(1);
      expect(google.calls[0]?.body).to.deep.include({ scope: ['a', 'b'] });
    });

    it('apart by scopes, lifetime, audience and email', async () => {
      await access({ scopes: ['a'] });
      await access({ scopes: ['b'] });
      await access({ scopes: ['a'], lifetimeSeconds: 60 });
      for (const audience of ['x', 'y']) {
        for (const includeEmail of [true, false]) {
          await provider.idToken({ audience, includeEmail });
          await provider.idToken({ audience, includeEmail });
        }
      }
      expect(google.calls).to.have.lengthOf(7);
    });

    it('until 60 seconds before they expire', async () => {
      await access();
      clock.advance(3_600_000 - 60_000 - 1);
      expect(await access()).to.equal('ya29.minted-1');
      clock.advance(1);
      expect(await access()).to.equal('ya29.minted-2');
    });

    it('by the expiry that an ID token claims itself', async () => {
      const audience = { audience: 'x', includeEmail: true };
      await provider.idToken(audience);
      clock.advance(3_600_000 - 60_000 - 1);
      await provider.idToken(audience);
      expect(google.calls).to.have.lengthOf(1);
      clock.advance(1);
      await provider.idToken(audience);
      expect(google.calls).to.have.lengthOf(2);
    });

    it('not at all when nobody knows how long they live', async () => {
      google.answer = () => json(200, { token: 'opaque' });
      const audience = { audience: 'x', includeEmail: true };
      await provider.idToken(audience);
      expect(await provider.idToken(audience)).to.equal('opaque');
      expect(google.calls).to.have.lengthOf(2);
    });

    it('up to the capacity, and the one used longest ago goes first', async () => {
      provider = create({ cacheCapacity: 2 });
      for (const scope of ['a', 'b', 'a', 'c', 'a', 'b']) await access({ scopes: [scope] });
      const asked = google.calls.map(({ body }) => (body as { scope: string[] }).scope[0]);
      expect(asked).to.deep.equal(['a', 'b', 'c', 'b']);
    });
  });

  it('requests for the same token at one time share one flight', async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, () => access()));
    expect(new Set(tokens)).to.deep.equal(new Set(['ya29.minted-1']));
    expect(google.calls).to.have.lengthOf(1);
  });

  describe('fail', () => {
    const refusals = [
      googleError(403, 'PERMISSION_DENIED', "Permission 'getAccessToken' denied"),
      googleError(404, 'NOT_FOUND', 'Gaia id not found for email'),
      googleError(400, 'INVALID_ARGUMENT', 'Invalid scope'),
    ];
    for (const refusal of refusals) {
      it(`servicecallout 175: as refused when Google answers ${refusal.status}`, async () => {
        google.answer = () => refusal;
        const error = await failureOf(access());
        expect(error).to.include({ kind: 'refused', status: refusal.status });
        const { error: said } = JSON.parse(refusal.body) as { error: { message: string } };
        expect(error.message).to.include(said.message);
      });
    }

    it('and the failure is not kept', async () => {
      google.answer = () => googleError(403, 'PERMISSION_DENIED', 'denied');
      await failureOf(access());
      google.answer = minting;
      expect(await access()).to.equal('ya29.minted-1');
    });

    const unusable: readonly { title: string; body: string }[] = [
      { title: 'malformed JSON', body: '{"accessToken": "ya29.cut' },
      { title: 'no token', body: '{"expireTime":"2026-01-01T01:00:00Z"}' },
      { title: 'an empty token', body: '{"accessToken":""}' },
      { title: 'a token with a line break', body: '{"accessToken":"a\\r\\nX-Evil: 1"}' },
      { title: 'a token that is no text', body: '{"accessToken":{"a":1}}' },
      { title: 'nothing', body: '' },
    ];
    for (const { title, body } of unusable) {
      it(`as malformed when the answer holds ${title}`, async () => {
        google.answer = () => ({ status: 200, body });
        const error = await failureOf(access());
        expect(error.kind).to.equal('malformed');
      });
    }

    it('without a service account, and nobody is asked', async () => {
      provider = create({ environment: {} });
      expect((await failureOf(access())).kind).to.equal('no-service-account');
      const audience = { audience: 'x', includeEmail: false };
      expect((await failureOf(provider.idToken(audience))).kind).to.equal('no-service-account');
      expect(google.calls.length + google.metadata.length).to.equal(0);
    });

    it('when the metadata server gives the runtime no identity', async () => {
      google.metadataAnswer = { status: 404, body: 'no service account' };
      expect(await failureOf(access())).to.include({ kind: 'no-identity', status: 404 });
      google.metadataAnswer = json(200, { access_token: runtimeToken, expires_in: 3599 });
      expect(await access()).to.equal('ya29.minted-1');
    });

    it('when nobody listens at the endpoint', async () => {
      const closed = createServer();
      await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
      const { port } = closed.address() as AddressInfo;
      await new Promise((resolve) => closed.close(resolve));
      provider = create({ endpoint: `http://127.0.0.1:${port}` });
      expect((await failureOf(access())).kind).to.equal('unavailable');
    });

    it('when Google fails itself', async () => {
      google.answer = () => googleError(500, 'INTERNAL', 'backend error');
      expect(await failureOf(access())).to.include({ kind: 'unavailable', status: 500 });
    });

    it('when the connection breaks in the middle of the answer', async () => {
      google.answer = () => 'break';
      expect((await failureOf(access())).kind).to.equal('unavailable');
    });

    it('once the time is over when Google never answers, and the next request asks anew', async () => {
      google.answer = () => 'hang';
      const asked = new Promise<void>((resolve) => (google.called = resolve));
      const failure = failureOf(access());
      await asked;
      clock.advance(5_000);
      expect((await failure).kind).to.equal('timeout');
      google.answer = minting;
      expect(await access()).to.equal('ya29.minted-1');
      expect(clock.waiting(), 'timers left').to.equal(0);
    });

    it('without ever showing a token, even if Google’s answer repeats it', async () => {
      const echo = `bad token ${runtimeToken} Bearer abc.def ${idTokenEnding(1)}\nsecond line`;
      google.answer = () => googleError(403, 'PERMISSION_DENIED', echo);
      const error = await failureOf(access());
      const shown = [error.message, error.stack, JSON.stringify(error), String(error.cause)].join();
      for (const secret of [runtimeToken, 'abc.def', 'eyJ', '\nsecond']) {
        expect(shown).not.to.include(secret);
      }
      expect(error.message).to.include('bad token [token]');
    });
  });

  it('that are fixed are given for every request', async () => {
    const fixed = fixedTokenProvider('T');
    expect(await fixed.accessToken({ scopes: [], lifetimeSeconds: 1 })).to.equal('T');
    expect(await fixed.idToken({ audience: 'a', includeEmail: true })).to.equal('T');
  });
});
