import { expect } from 'chai';
import type {
  OutgoingRequest,
  ReachRequest,
  Transport,
} from '../../../lib/connection/transport.ts';
import { mapUpstreams } from '../../../lib/connection/upstream-map.ts';
import { requestTo } from './request.ts';

class Recorder implements Transport {
  readonly sent: OutgoingRequest[] = [];
  closed = 0;
  send(request: OutgoingRequest) {
    this.sent.push(request);
    return Promise.resolve({
      status: 200,
      reason: '',
      version: '1.1',
      headers: [],
      body: new Uint8Array(0),
    });
  }
  readonly reached: ReachRequest[] = [];
  reach(request: ReachRequest) {
    this.reached.push(request);
    return Promise.resolve();
  }
  stream(): Promise<never> {
    return Promise.reject(new Error('Nothing is streamed here'));
  }
  close() {
    this.closed += 1;
    return Promise.resolve();
  }
}

const tls = {
  certificateAuthorities: undefined,
  verification: 'verify',
  ciphers: [],
  protocols: [],
} as const;
const https = { scheme: 'https', host: 'maps.test', port: 443 } as const;

describe('mapUpstreams', () => {
  const cases: [key: string, url: string, origin: object, target: string, tls: boolean][] = [
    [
      'https://maps.test',
      'http://127.0.0.1:8080',
      { scheme: 'http', host: '127.0.0.1', port: 8080 },
      '/a?b',
      false,
    ],
    [
      'HTTPS://Maps.test:443/',
      'http://127.0.0.1:8080/',
      { scheme: 'http', host: '127.0.0.1', port: 8080 },
      '/a?b',
      false,
    ],
    [
      'https://maps.test',
      'https://[::1]/pre/fix/',
      { scheme: 'https', host: '::1', port: 443 },
      '/pre/fix/a?b',
      true,
    ],
    ['http://maps.test', 'http://127.0.0.1:8080', https, '/a?b', true],
    ['https://maps.test:8443', 'http://127.0.0.1:8080', https, '/a?b', true],
  ];
  for (const [key, url, origin, target, keepsTls] of cases) {
    it(`sends a request for https://maps.test to ${JSON.stringify(origin)} when ${key} is ${url}`, async () => {
      const recorder = new Recorder();
      const request = requestTo(443, {
        origin: https,
        target: '/a?b',
        headers: [['Host', 'maps.test']],
        tls,
      });
      await mapUpstreams(recorder, new Map([[key, new URL(url)]])).send(request);
      expect(recorder.sent).to.deep.equal([
        { ...request, origin, target, tls: keepsTls ? tls : undefined },
      ]);
    });
  }

  for (const [key, url] of [
    ['maps.test', 'http://127.0.0.1'],
    ['https://maps.test/path', 'http://127.0.0.1'],
    ['https://maps.test?q', 'http://127.0.0.1'],
    ['https://maps.test', 'ftp://127.0.0.1'],
  ] as const) {
    it(`refuses ${key}=${url}`, () => {
      expect(() => mapUpstreams(new Recorder(), new Map([[key, new URL(url)]]))).to.throw(
        TypeError,
      );
    });
  }

  it('closes the transport underneath', async () => {
    const recorder = new Recorder();
    await mapUpstreams(recorder, new Map([['http://a', new URL('http://b')]])).close();
    expect(recorder.closed).to.equal(1);
  });
});
