import { expect } from 'chai';
import {
  forwardingLocalProxies,
  LocalCallError,
  type LocalRequest,
  type LocalTarget,
} from '../../lib/connection/local-proxies.ts';
import type { IncomingResponse, OutgoingRequest } from '../../lib/connection/transport.ts';

const response: IncomingResponse = {
  status: 204,
  reason: 'No Content',
  version: '1.1',
  headers: [],
  body: new Uint8Array(),
};

const get: LocalRequest = {
  method: 'GET',
  path: '',
  query: '',
  headers: [],
  body: null,
  signal: undefined,
};

/** Forwards one call and answers the request that left. */
async function forwarded(
  url: string,
  target: LocalTarget,
  request: Partial<LocalRequest> = {},
  depth = 1,
): Promise<OutgoingRequest> {
  const sent: OutgoingRequest[] = [];
  const transport = {
    send(outgoing: OutgoingRequest) {
      sent.push(outgoing);
      return Promise.resolve(response);
    },
  };
  const proxies = forwardingLocalProxies(transport, new URL(url));
  expect(await proxies.call(target, { ...get, ...request }, depth)).to.equal(response);
  const [only, ...more] = sent;
  expect(more).to.deep.equal([]);
  if (only === undefined) throw new Error('nothing was sent');
  return only;
}

const endpoint: LocalTarget = { kind: 'endpoint', proxy: 'orders', endpoint: 'default' };
const byPath = (path: string): LocalTarget => ({ kind: 'path', path });

const targets: readonly {
  title: string;
  url?: string;
  target: LocalTarget;
  path?: string;
  query?: string;
  expected: string;
}[] = [
  { title: 'a proxy and endpoint by name', target: endpoint, expected: '/orders/default' },
  {
    title: 'names that are no path segments, encoded',
    target: { kind: 'endpoint', proxy: 'a/b c', endpoint: '..?x' },
    expected: '/a%2Fb%20c/..%3Fx',
  },
  { title: 'a path as given', target: byPath('/b/items/7'), expected: '/b/items/7' },
  { title: 'a path without its slash', target: byPath('b/items'), expected: '/b/items' },
  { title: 'a path that ends with a slash', target: byPath('/b/'), expected: '/b/' },
  { title: 'the message path', target: endpoint, path: '/7/x', expected: '/orders/default/7/x' },
  {
    title: 'the message path with one slash at the joint',
    target: byPath('/b/'),
    path: '//7',
    expected: '/b/7',
  },
  { title: 'a message path without its slash', target: byPath('/b'), path: '7', expected: '/b/7' },
  { title: 'the query', target: byPath('/b'), query: 'a=1&b=%20', expected: '/b?a=1&b=%20' },
  {
    title: 'a query of the path, before the message’s',
    target: byPath('/b?x=1?2'),
    path: '/7',
    query: 'a=1',
    expected: '/b/7?x=1?2&a=1',
  },
  {
    title: 'all of it below the URL’s own path',
    url: 'http://127.0.0.1:9/base/',
    target: endpoint,
    path: '/7',
    query: 'a=1',
    expected: '/base/orders/default/7?a=1',
  },
];

describe('forwarding local proxies', () => {
  for (const { title, url = 'http://127.0.0.1:9', target, path, query, expected } of targets) {
    it(`asks for ${title}`, async () => {
      const sent = await forwarded(url, target, { path: path ?? '', query: query ?? '' });
      expect(sent.target).to.equal(expected);
    });
  }

  it('passes method, headers, body and signal on, with the URL’s own Host', async () => {
    const body = new TextEncoder().encode('{}');
    const { signal } = new AbortController();
    const sent = await forwarded('http://127.0.0.1:9123', endpoint, {
      method: 'PUT',
      headers: [
        ['X-A', '1'],
        ['HOST', 'evil'],
        ['X-A', '2'],
      ],
      body,
      signal,
    });
    expect(sent).to.include({ method: 'PUT', body, signal, tls: undefined });
    expect(sent.origin).to.deep.equal({ scheme: 'http', host: '127.0.0.1', port: 9123 });
    expect(sent.headers).to.deep.equal([
      ['Host', '127.0.0.1:9123'],
      ['X-A', '1'],
      ['X-A', '2'],
    ]);
  });

  it('uses TLS and the standard port for an https URL', async () => {
    const sent = await forwarded('https://[::1]/', endpoint);
    expect(sent.origin).to.deep.equal({ scheme: 'https', host: '::1', port: 443 });
    expect(sent.tls?.verification).to.equal('verify');
    expect(sent.headers).to.deep.equal([['Host', '[::1]']]);
  });

  it('refuses a call that nests too deeply, and sends nothing', async () => {
    await forwarded('http://127.0.0.1:9', endpoint, {}, 10);
    let sent = 0;
    const transport = {
      send() {
        sent += 1;
        return Promise.resolve(response);
      },
    };
    const proxies = forwardingLocalProxies(transport, new URL('http://127.0.0.1:9'));
    const error: unknown = await proxies.call(endpoint, get, 11).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(LocalCallError).and.to.include({ kind: 'too-deep' });
    expect(sent).to.equal(0);
  });
});
