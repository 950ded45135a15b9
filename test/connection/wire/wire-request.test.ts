import { expect } from 'chai';
import fc from 'fast-check';
import { TransportError } from '../../../lib/connection/transport.ts';
import { createUndiciTransport } from '../../../lib/connection/undici-transport.ts';
import { wireHeaders, wireMethod, wireTarget } from '../../../lib/connection/wire-request.ts';
import { systemClock } from '../../../lib/host/clock.ts';
import { always, ok, RawServer } from './raw-server.ts';
import { outcome, requestTo } from './request.ts';

function kindOf(run: () => unknown): string {
  try {
    run();
    return 'accepted';
  } catch (error) {
    return error instanceof TransportError ? error.kind : String(error);
  }
}

describe('wireTarget', () => {
  const cases: [target: string, wire: string][] = [
    ['/', '/'],
    ['/a/../b/%2e%2E;x=1?q=%20&R=[1]{2}|"\\^`', '/a/../b/%2e%2E;x=1?q=%20&R=[1]{2}|"\\^`'],
    ['/a b?c d', '/a%20b?c%20d'],
    ['/\u00fc?\u20ac=\ud83d\ude00', '/%C3%BC?%E2%82%AC=%F0%9F%98%80'],
    ['/a#b', '/a%23b'],
    ['/\ud800', '/%EF%BF%BD'],
    ['//evil.test', '//evil.test'],
  ];
  for (const [target, wire] of cases) {
    it(`writes ${JSON.stringify(target)} as ${wire}`, () => {
      expect(wireTarget(target)).to.equal(wire);
    });
  }
  for (const target of [
    '',
    'x',
    '*',
    'http://up.test/',
    '/a\rb',
    '/a\nb',
    '/a\0b',
    '/a\tb',
    '/\x7f',
  ]) {
    it(`refuses ${JSON.stringify(target)}`, () => {
      expect(kindOf(() => wireTarget(target))).to.equal('illegal-request');
    });
  }
});

describe('wireMethod', () => {
  for (const method of ['GET', 'get', 'PATCH', 'PROPFIND', 'X-1']) {
    it(`sends ${method} as it is`, () => {
      expect(wireMethod(method)).to.equal(method);
    });
  }
  for (const method of ['', 'GET ', 'G\rT', 'GET /', 'CONNECT', 'connect', 'G\u00c4T']) {
    it(`refuses ${JSON.stringify(method)}`, () => {
      expect(kindOf(() => wireMethod(method))).to.equal('illegal-request');
    });
  }
});

describe('wireHeaders', () => {
  it('drops framing and hop-by-hop headers and what Connection lists', () => {
    const lines: [string, string][] = [
      ['Host', 'up.test'],
      ['Content-Length', '7'],
      ['transfer-encoding', 'chunked'],
      ['Connection', 'close, X-Secret,Host'],
      ['connection', 'x-other'],
      ['x-secret', '1'],
      ['X-Other', '2'],
      ['Keep-Alive', 'timeout=9'],
      ['Proxy-Authorization', 'Basic x'],
      ['Proxy-Anything', 'x'],
      ['TE', 'trailers'],
      ['Trailer', 'x'],
      ['Upgrade', 'websocket'],
      ['Expect', '100-continue'],
      ['X-Kept', 'yes'],
      ['x-kept', ''],
    ];
    expect(wireHeaders(lines, 'other')).to.deep.equal([
      'Host',
      'up.test',
      'X-Kept',
      'yes',
      'x-kept',
      '',
    ]);
  });

  it('takes Host from the origin where the message has none', () => {
    expect(wireHeaders([['a', 'b']], 'up.test:81')).to.deep.equal(['Host', 'up.test:81', 'a', 'b']);
  });

  it('sends Latin-1 as one byte a character and everything else as UTF-8', () => {
    expect(
      wireHeaders(
        [
          ['a', '\u00fc\t\xff'],
          ['b', '\u20ac\u00fc'],
        ],
        'h',
      ).slice(2),
    ).to.deep.equal(['a', '\u00fc\t\xff', 'b', '\u00e2\u0082\u00ac\u00c3\u00bc']);
  });

  const illegal: [name: string, value: string][] = [
    ['', 'x'],
    ['a b', 'x'],
    ['a:', 'x'],
    ['a\r\nb', 'x'],
    ['\u00fc', 'x'],
    ['a', 'x\r\nb: c'],
    ['a', 'x\n'],
    ['a', '\rx'],
    ['a', 'x\0'],
    ['a', '\x7f'],
    ['a', '\x1b[31m'],
    ['Content-Length', '1\r\nx: y'],
    ['Host', 'up.test\r\nx: y'],
  ];
  for (const [name, value] of illegal) {
    it(`refuses ${JSON.stringify([name, value])}`, () => {
      expect(kindOf(() => wireHeaders([[name, value]], 'h'))).to.equal('illegal-request');
    });
  }

  it('refuses a second Host', () => {
    expect(
      kindOf(() =>
        wireHeaders(
          [
            ['Host', 'a'],
            ['HOST', 'b'],
          ],
          'h',
        ),
      ),
    ).to.equal('illegal-request');
  });
});

describe('a request on the wire', () => {
  let server: RawServer;
  const transport = createUndiciTransport({ clock: systemClock });
  before(async () => {
    server = await RawServer.start(always(ok));
  });
  after(async () => {
    await transport.close();
    await server.close();
  });

  const bytes: [title: string, changes: Parameters<typeof requestTo>[1], wire: string][] = [
    [
      'has nothing added to a GET',
      {},
      'GET / HTTP/1.1\r\nhost: up.test\r\nconnection: keep-alive\r\n\r\n',
    ],
    [
      'keeps order, spelling and repeated lines of headers',
      {
        headers: [
          ['X-B', '1'],
          ['Host', 'up.test'],
          ['x-a', '2'],
          ['X-B', 'c, d'],
          ['Cookie', 'a=b'],
        ],
      },
      'GET / HTTP/1.1\r\nhost: up.test\r\nconnection: keep-alive\r\nX-B: 1\r\nx-a: 2\r\nX-B: c, d\r\nCookie: a=b\r\n\r\n',
    ],
    [
      'has the length of its body, whatever the message says',
      {
        method: 'POST',
        headers: [
          ['Host', 'h'],
          ['Content-Length', '1'],
          ['Transfer-Encoding', 'chunked'],
        ],
        body: Buffer.from('\u00fc!'),
      },
      'POST / HTTP/1.1\r\nhost: h\r\nconnection: keep-alive\r\ncontent-length: 3\r\n\r\n\u00c3\u00bc!',
    ],
    ...['POST', 'PUT', 'PATCH'].map((method): [string, object, string] => [
      `says Content-Length: 0 for a ${method} without body`,
      { method, body: new Uint8Array(0) },
      `${method} / HTTP/1.1\r\nhost: up.test\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n`,
    ]),
    ...['DELETE', 'OPTIONS', 'FROB'].map((method): [string, object, string] => [
      `says nothing about length for a ${method} without body`,
      { method },
      `${method} / HTTP/1.1\r\nhost: up.test\r\nconnection: keep-alive\r\n\r\n`,
    ]),
    [
      'carries a body with GET',
      { body: Buffer.from('x') },
      'GET / HTTP/1.1\r\nhost: up.test\r\nconnection: keep-alive\r\ncontent-length: 1\r\n\r\nx',
    ],
    [
      'asks to close after HEAD, whose response could hide a body',
      { method: 'HEAD' },
      'HEAD / HTTP/1.1\r\nhost: up.test\r\nconnection: close\r\n\r\n',
    ],
    [
      'keeps the target as written',
      { target: '/a/%2e/../B?x=%20y z' },
      'GET /a/%2e/../B?x=%20y%20z HTTP/1.1\r\nhost: up.test\r\nconnection: keep-alive\r\n\r\n',
    ],
  ];
  for (const [title, changes, wire] of bytes) {
    it(title, async () => {
      await transport.send(requestTo(server.port, changes));
      expect(server.requests.at(-1)).to.equal(wire);
    });
  }

  it('is whole or never sent, whatever its parts hold', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 12 });
    const wild = fc.oneof(
      text,
      fc
        .array(
          fc.constantFrom('\r', '\n', '\r\n', ' ', ':', '\0', '\u010a', '\u560a', 'x', 'Host: y'),
          { maxLength: 6 },
        )
        .map((parts) => parts.join('')),
    );
    await fc.assert(
      fc.asyncProperty(wild, wild, wild, wild, async (name, value, path, method) => {
        const seen = server.requests.length;
        const slots = [
          {
            headers: [
              ['Host', 'h'],
              ['x-1', value],
            ] as const,
          },
          {
            headers: [
              ['Host', 'h'],
              [name, 'v'],
            ] as const,
          },
          { target: `/${path}?${value}` },
          { method: method === '' ? 'GET' : method },
          { headers: [['Host', value]] as const },
        ];
        for (const slot of slots) {
          const result = await outcome(transport.send(requestTo(server.port, slot)));
          expect(result).to.be.oneOf(['answered', 'illegal-request']);
          const sent = server.requests.slice(seen);
          server.requests.length = seen;
          expect(sent.length).to.equal(result === 'answered' ? 1 : 0);
          for (const request of sent) {
            const lines = request.slice(0, request.indexOf('\r\n\r\n')).split('\r\n');
            expect(lines.shift()).to.match(/^[!-~]+ \/[!-~]* HTTP\/1\.1$/);
            const names = lines.map((line) => line.slice(0, line.indexOf(':')).toLowerCase());
            const given = (slot.headers ?? [['Host', 'up.test']]).map(([key]) => key.toLowerCase());
            const kept = given.filter(
              (key) =>
                key !== 'host' &&
                !/^(connection|keep-alive|te|trailer|upgrade|expect|content-length|transfer-encoding|proxy-.*)$/.test(
                  key,
                ),
            );
            expect(names.filter((key) => key !== 'content-length')).to.deep.equal([
              'host',
              'connection',
              ...kept,
            ]);
            expect(request).to.not.match(/[^\r]\n|\r[^\n]|\0/);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
