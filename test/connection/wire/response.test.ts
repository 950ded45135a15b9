import { expect } from 'chai';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { createUndiciTransport } from '../../../lib/connection/undici-transport.ts';
import { systemClock } from '../../../lib/host/clock.ts';
import { RawServer } from './raw-server.ts';
import { requestTo } from './request.ts';

type Pieces = readonly (string | Buffer)[];

interface Read {
  readonly title: string;
  /** Written one by one, each once the one before has left; the last closes if it must. */
  readonly pieces: Pieces;
  readonly method?: string;
  readonly closes?: true;
  readonly status?: number;
  readonly reason?: string;
  readonly version?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
}

const cases: Read[] = [
  {
    title: 'a body with Content-Length',
    pieces: ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'],
    reason: 'OK',
    body: 'hello',
  },
  {
    title: 'a body in many pieces',
    pieces: ['HTTP/1.1 200 OK\r\nContent-', 'Length: 5\r\n', '\r\nh', 'el', 'lo'],
    body: 'hello',
  },
  {
    title: 'a chunked body with trailers',
    pieces: [
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: t\r\n\r\n',
    ],
    body: 'abcde',
  },
  {
    title: 'a body that ends with the connection',
    pieces: ['HTTP/1.1 200 OK\r\n\r\nuntil', ' the end'],
    closes: true,
    body: 'until the end',
  },
  {
    title: 'an HTTP/1.0 response',
    pieces: ['HTTP/1.0 200 OK\r\nX: y\r\n\r\nold'],
    closes: true,
    version: '1.0',
    body: 'old',
  },
  {
    title: 'no body after HEAD',
    method: 'HEAD',
    pieces: ['HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n'],
    body: '',
  },
  { title: 'no body with 204', pieces: ['HTTP/1.1 204 No Content\r\n\r\n'], status: 204, body: '' },
  {
    title: 'no body with 304, whatever its length says',
    pieces: ['HTTP/1.1 304 Not Modified\r\nContent-Length: 50\r\n\r\n'],
    status: 304,
    body: '',
  },
  {
    title: 'an empty reason',
    pieces: ['HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n'],
    reason: '',
    body: '',
  },
  {
    title: 'an unusual status and reason',
    pieces: ['HTTP/1.1 799 So it is, really\r\nContent-Length: 0\r\n\r\n'],
    status: 799,
    reason: 'So it is, really',
  },
  {
    title: 'a redirect as a response like any other',
    pieces: ['HTTP/1.1 302 Found\r\nLocation: http://elsewhere.test/\r\nContent-Length: 0\r\n\r\n'],
    status: 302,
    headers: [
      ['Location', 'http://elsewhere.test/'],
      ['Content-Length', '0'],
    ],
  },
  {
    title: 'repeated headers as lines of their own, spelled as sent',
    pieces: [
      'HTTP/1.1 200 OK\r\nset-cookie: a=1\r\nSet-Cookie: b=2, c\r\nX-Empty:\r\nContent-Length: 0\r\n\r\n',
    ],
    headers: [
      ['set-cookie', 'a=1'],
      ['Set-Cookie', 'b=2, c'],
      ['X-Empty', ''],
      ['Content-Length', '0'],
    ],
  },
  {
    title: 'headers in UTF-8 and in Latin-1',
    pieces: [
      Buffer.concat([
        Buffer.from('HTTP/1.1 200 OK\r\nA: \u20ac\r\nB: ', 'utf8'),
        Buffer.from('\u00fc\r\nContent-Length: 0\r\n\r\n', 'latin1'),
      ]),
    ],
    headers: [
      ['A', '\u20ac'],
      ['B', '\u00fc'],
      ['Content-Length', '0'],
    ],
  },
  {
    title: 'what follows early hints',
    pieces: [
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    ],
    headers: [['Content-Length', '2']],
    body: 'ok',
  },
  {
    title: 'what follows a 100 that nobody asked for',
    pieces: [
      'HTTP/1.1 100 Continue\r\n\r\n',
      'HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 201 Made\r\nContent-Length: 2\r\n\r\nok',
    ],
    status: 201,
    body: 'ok',
  },
  {
    title: 'what follows a 100 in single bytes',
    pieces: Array.from(
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    ),
    body: 'ok',
  },
  {
    title: 'a gzip body decoded, its header kept',
    pieces: coded('gzip', gzipSync('plain')),
    headers: [
      ['Content-Encoding', 'gzip'],
      ['Content-Length', String(gzipSync('plain').length)],
    ],
    body: 'plain',
  },
  { title: 'an x-gzip body', pieces: coded('X-GZIP', gzipSync('plain')), body: 'plain' },
  {
    title: 'a deflate body with zlib header',
    pieces: coded('deflate', deflateSync('plain')),
    body: 'plain',
  },
  { title: 'a raw deflate body', pieces: coded('deflate', deflateRawSync('plain')), body: 'plain' },
  {
    title: 'stacked codings, the last undone first',
    pieces: coded('gzip, deflate', deflateSync(gzipSync('plain'))),
    body: 'plain',
  },
  {
    title: 'codings on several lines',
    pieces: coded(
      'gzip\r\nContent-Encoding: identity\r\nContent-Encoding: deflate',
      deflateSync(gzipSync('plain')),
    ),
    body: 'plain',
  },
  { title: 'an unknown coding as it is', pieces: coded('br', Buffer.from('???')), body: '???' },
  {
    title: 'a known coding down to an unknown one',
    pieces: coded('br, gzip', gzipSync('???')),
    body: '???',
  },
  { title: 'identity as it is', pieces: coded('identity', Buffer.from('plain')), body: 'plain' },
  {
    title: 'an empty body that claims to be gzip',
    pieces: coded('gzip', Buffer.alloc(0)),
    body: '',
  },
  {
    title: 'a large gzip body',
    pieces: coded('gzip', gzipSync(noise(200_000), { level: 0 })),
    body: noise(200_000),
  },
  {
    title: 'only its own bytes where the server sends more',
    pieces: ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 Forged\r\n\r\n'],
    body: 'ok',
  },
];

function coded(coding: string, body: Buffer): Pieces {
  return [
    Buffer.concat([
      Buffer.from(
        `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`,
      ),
      body,
    ]),
  ];
}

function noise(length: number): string {
  return Array.from({ length }, (_, index) =>
    String.fromCharCode(33 + ((index * index) % 91)),
  ).join('');
}

describe('a response', () => {
  const transport = createUndiciTransport({ clock: systemClock });
  let current: Read | undefined;
  let server: RawServer;
  before(async () => {
    server = await RawServer.start((socket) => {
      const write = (index: number): void => {
        const piece = current?.pieces[index];
        if (piece !== undefined) socket.write(piece, () => setImmediate(write, index + 1));
        else if (current?.closes) socket.end();
      };
      write(0);
    });
  });
  after(async () => {
    await transport.close();
    await server.close();
  });

  for (const read of cases) {
    it(`is read: ${read.title}`, async () => {
      current = read;
      const response = await transport.send(
        requestTo(server.port, { method: read.method ?? 'GET' }),
      );
      expect(response.status).to.equal(read.status ?? 200);
      expect(response.version).to.equal(read.version ?? '1.1');
      if (read.reason !== undefined) expect(response.reason).to.equal(read.reason);
      if (read.headers !== undefined) expect(response.headers).to.deep.equal(read.headers);
      if (read.body !== undefined)
        expect(Buffer.from(response.body).toString()).to.equal(read.body);
    });
  }
});
