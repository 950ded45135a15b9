import { expect } from 'chai';
import { sendableResponse } from '../../lib/gateway/sendable-response.ts';
import { RawServer, always } from '../connection/wire/raw-server.ts';
import { exchange } from './raw-client.ts';
import { whileServing } from './serving.ts';

const get = (method = 'GET') =>
  `${method} /mirror HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;

/** The gateway's whole reply where the target's whole reply is given. */
async function passed(reply: string, method = 'GET'): Promise<string> {
  const backend = await RawServer.start(always(reply));
  let text = '';
  try {
    const upstreams = { 'http://backend.example': `http://127.0.0.1:${backend.port}` };
    await whileServing({ upstreams }, async ({ server }) => {
      ({ text } = await exchange(server.port, get(method)));
    });
  } finally {
    await backend.close();
  }
  return text;
}

describe('a response on its way to the client', () => {
  it('keeps reason, header spelling, order and separate Set-Cookie lines', async () => {
    const text = await passed(
      'HTTP/1.1 299 Quite Fine\r\nX-MiXed: a, b\r\nSet-Cookie: a=1; Path=/\r\nset-cookie: b=2\r\nX-MiXed: c\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Length: 2\r\n\r\nok',
    );
    expect(text).to.equal(
      'HTTP/1.1 299 Quite Fine\r\nX-MiXed: a, b\r\nSet-Cookie: a=1; Path=/\r\nset-cookie: b=2\r\nX-MiXed: c\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok',
    );
  });

  it('loses hop-by-hop headers and what Connection lists', async () => {
    const text = await passed(
      'HTTP/1.1 200 OK\r\nConnection: X-Hop, keep-alive\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nTE: x\r\nTrailer: x\r\nProxy-Authenticate: Basic\r\nX-End: 1\r\nContent-Length: 2\r\n\r\nok',
    );
    expect(text).to.not.match(/x-hop|keep-alive|^te:|trailer|proxy-/im);
    expect(text).to.contain('X-End: 1\r\n');
  });

  it('has a length where the target sent chunks', async () => {
    const text = await passed(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n',
    );
    expect(text)
      .to.contain('Content-Length: 3\r\n')
      .and.match(/\r\n\r\nabc$/);
    expect(text).to.not.match(/transfer-encoding/i);
  });

  it('has no body after HEAD, and tells the length that the target told', async () => {
    const text = await passed('HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n', 'HEAD');
    expect(text).to.match(/\r\n\r\n$/);
    expect(text).to.contain('Content-Length: 1234\r\n');
  });

  for (const status of ['204 No Content', '304 Not Modified']) {
    it(`has neither body nor length for ${status}`, async () => {
      const text = await passed(`HTTP/1.1 ${status}\r\nETag: "a"\r\n\r\n`);
      expect(text)
        .to.match(new RegExp(`^HTTP/1.1 ${status}\r\n`))
        .and.match(/\r\n\r\n$/);
      expect(text).to.not.match(/content-length/i);
    });
  }

  const none = new Uint8Array();
  const illegal: readonly (readonly [string, Partial<Parameters<typeof sendableResponse>[0]>])[] = [
    ['a line break in a value', { headers: [['X-A', 'b\r\nSet-Cookie: c']] }],
    ['a NUL in a value', { headers: [['X-A', 'b\0']] }],
    ['a blank in a name', { headers: [['X A', 'b']] }],
    ['an empty name', { headers: [['', 'b']] }],
    ['a line break in the reason', { reason: 'OK\r\nX-A: b' }],
    ['an interim status', { status: 100 }],
    ['a status of four digits', { status: 1000 }],
    ['a status that is no number', { status: NaN }],
  ];
  for (const [title, part] of illegal) {
    it(`becomes a fault for ${title}`, () => {
      const problems: string[] = [];
      const response = { status: 200, reason: 'OK', headers: [], body: none, ...part };
      const sendable = sendableResponse(response, 'GET', (problem) => problems.push(problem));
      expect(sendable.status).to.equal(500);
      expect(sendable.headers.join()).to.not.contain('X-A');
      const { body } = sendable;
      if (!(body instanceof Uint8Array)) throw new Error('The fault has no body.');
      expect(Buffer.from(body).toString()).to.contain('InvalidCharactersInHeader');
      expect(problems).to.have.length(1);
    });
  }

  it('sends what Latin-1 does not hold as UTF-8', () => {
    const response = { status: 200, reason: 'OK', headers: [['X-A', '€ ü']] as const, body: none };
    const { headers } = sendableResponse(response, 'GET', () => undefined);
    expect(Buffer.from(headers[1] ?? '', 'latin1').toString('utf8')).to.equal('€ ü');
  });
});
