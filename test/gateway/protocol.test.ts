import { expect } from 'chai';
import { RawClient, exchange } from './raw-client.ts';
import { echoing, whileListening, whileServing } from './serving.ts';

const close = 'Connection: close\r\n';
const host = 'Host: api.example:8080\r\n';

function faultIn(text: string): unknown {
  return JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4));
}

describe('a gateway on the wire', () => {
  const refused: readonly (readonly [
    title: string,
    request: string,
    status: string,
    code: string,
  ])[] = [
    [
      'a request line of more than 10 KB',
      `GET /greeting?${'a'.repeat(10_300)} HTTP/1.1\r\n${host}${close}\r\n`,
      'HTTP/1.1 414 Request-URI Too Long',
      'protocol.http.TooBigLine: request line size exceeding 10,240',
    ],
    [
      'a request line of more than the parser takes',
      `GET /${'a'.repeat(90_000)} HTTP/1.1\r\n${host}${close}\r\n`,
      'HTTP/1.1 414 Request-URI Too Long',
      'protocol.http.TooBigLine: request line size exceeding 10,240',
    ],
    [
      'headers of more than 60 KB',
      `GET /greeting HTTP/1.1\r\n${host}${close}${`X-A: ${'a'.repeat(1_000)}\r\n`.repeat(62)}\r\n`,
      'HTTP/1.1 431 Request Header Fields Too Large',
      'protocol.http.TooBigHeaders: request headers size exceeding 61,440',
    ],
    [
      'headers of more than the parser takes',
      `GET /greeting HTTP/1.1\r\n${host}${close}${`X-A: ${'a'.repeat(1_000)}\r\n`.repeat(120)}\r\n`,
      'HTTP/1.1 431 Request Header Fields Too Large',
      'protocol.http.TooBigHeaders: request headers size exceeding 61,440',
    ],
    [
      'a body whose length is beyond the limit',
      `POST /greeting HTTP/1.1\r\n${host}Content-Length: 10485761\r\n\r\nabc`,
      'HTTP/1.1 413 Request Entity Too Large',
      'protocol.http.TooBigBody: Body buffer overflow',
    ],
    [
      'two Host headers',
      `GET /greeting HTTP/1.1\r\n${host}${host}${close}\r\n`,
      'HTTP/1.1 400 Bad Request',
      'protocol.http.DuplicateHeader: Duplicate Header "Host"',
    ],
    [
      'a method that the parser does not know',
      `FROBNICATE /greeting HTTP/1.1\r\n${host}${close}\r\n`,
      'HTTP/1.1 400 Bad Request',
      'protocol.http.MalformedRequest: Malformed request',
    ],
    [
      'a path that no proxy has',
      `GET /zzz?secret=1 HTTP/1.1\r\n${host}${close}\r\n`,
      'HTTP/1.1 404 Not Found',
      'messaging.adaptors.http.flow.ApplicationNotFound: Unable to identify proxy for host: api.example:8080 and url: /zzz',
    ],
  ];
  for (const [title, request, status, expected] of refused) {
    it(`refuses ${title} with ${status.slice(9, 12)} and the fault as JSON`, async () => {
      await whileServing({}, async ({ server }) => {
        const client = new RawClient(server.port);
        client.send(request);
        await client.received('"}}}');
        client.finish();
        expect(await client.ended).to.equal('closed');
        expect(client.text.split('\r\n', 1)[0]).to.equal(status);
        const { fault } = faultIn(client.text) as {
          fault: { faultstring: string; detail: { errorcode: string } };
        };
        expect(`${fault.detail.errorcode}: ${fault.faultstring}`).to.equal(expected);
      });
    });
  }

  it('writes the fault of an unknown path with escaped slashes [runtime 38]', async () => {
    await whileServing({}, async ({ server }) => {
      const { text } = await exchange(server.port, `GET /a/b HTTP/1.1\r\n${host}${close}\r\n`);
      expect(text.slice(text.indexOf('{'))).to.equal(
        '{"fault":{"faultstring":"Unable to identify proxy for host: api.example:8080 and url: \\/a\\/b","detail":{"errorcode":"messaging.adaptors.http.flow.ApplicationNotFound"}}}',
      );
    });
  });

  const malformed: readonly (readonly [title: string, bytes: string])[] = [
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['TLS', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03'],
    ['HTTP/2 without asking', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['no Host', 'GET /greeting HTTP/1.1\r\n\r\n'],
    ['a blank before a header colon', `GET /greeting HTTP/1.1\r\n${host}X-A : b\r\n\r\n`],
    ['a header without a name', `GET /greeting HTTP/1.1\r\n${host}: b\r\n\r\n`],
    ['a bare carriage return in a header', `GET /greeting HTTP/1.1\r\n${host}X-A: b\rc\r\n\r\n`],
    ['a NUL in a header', `GET /greeting HTTP/1.1\r\n${host}X-A: b\0c\r\n\r\n`],
    ['a folded header', `GET /greeting HTTP/1.1\r\n${host}X-A: b\r\n c\r\n\r\n`],
    [
      'both Content-Length and Transfer-Encoding',
      `POST /greeting HTTP/1.1\r\n${host}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /mirror HTTP/1.1\r\n\r\n`,
    ],
    [
      'two Content-Lengths',
      `POST /greeting HTTP/1.1\r\n${host}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde`,
    ],
    [
      'a Content-Length that is no number',
      `POST /greeting HTTP/1.1\r\n${host}Content-Length: 4x\r\n\r\nabcd`,
    ],
    ['a signed Content-Length', `POST /greeting HTTP/1.1\r\n${host}Content-Length: +4\r\n\r\nabcd`],
    [
      'a Transfer-Encoding whose last coding is not chunked',
      `POST /greeting HTTP/1.1\r\n${host}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
    ],
    [
      'a misspelt Transfer-Encoding',
      `POST /greeting HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'a chunk size that is no number',
      `POST /greeting HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n`,
    ],
    [
      'a chunk longer than its size',
      `POST /greeting HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n`,
    ],
  ];
  for (const [title, bytes] of malformed) {
    it(`answers ${title} with one 400 and closes`, async () => {
      await whileServing({}, async ({ server }) => {
        const client = new RawClient(server.port);
        client.send(bytes);
        client.finish();
        await client.ended;
        expect(client.text).to.match(/^HTTP\/1\.1 400 Bad Request\r\n/);
        expect(client.text.match(/HTTP\/1\.1/g)).to.have.length(1);
        expect(client.text).to.contain('Connection: close\r\n');
      });
    });
  }

  for (const method of ['TRACE /greeting', 'CONNECT example.com:443']) {
    it(`refuses ${method.split(' ')[0] ?? ''} with 405`, async () => {
      await whileServing({}, async ({ server }) => {
        const { text } = await exchange(server.port, `${method} HTTP/1.1\r\n${host}${close}\r\n`);
        expect(text).to.match(/^HTTP\/1\.1 405 Method Not Allowed\r\n/);
        expect(text).to.not.contain('api.example');
      });
    });
  }

  it('counts a chunked body while it reads, and lets the client have the response', async () => {
    await whileServing({}, async ({ server }) => {
      const client = new RawClient(server.port);
      client.send(`POST /greeting HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n`);
      const chunk = `100000\r\n${'a'.repeat(0x100000)}\r\n`;
      for (let count = 0; count < 11; count += 1) client.send(chunk);
      await client.received('TooBigBody');
      client.send('0\r\n\r\n');
      expect(await client.ended).to.equal('closed');
      expect(client.text).to.match(/^HTTP\/1\.1 413 /);
      expect(client.text).to.contain('Connection: close\r\n');
    });
  });

  it('answers a body that inflates beyond the limit with 413 [runtime 167]', async () => {
    const { gzipSync } = await import('node:zlib');
    await whileServing({}, async ({ server }) => {
      const response = await fetch(`${server.url}/greeting`, {
        method: 'POST',
        headers: { 'content-encoding': 'gzip' },
        body: gzipSync(Buffer.alloc(11 * 1024 * 1024)),
      });
      expect(response.status).to.equal(413);
      expect(await response.text()).to.contain('protocol.http.TooBigBody');
    });
  });

  it('invites the body of a client that expects 100-continue, and does not pass Expect on', async () => {
    await whileListening(echoing(), async (backend) => {
      const upstreams = { 'http://backend.example': backend };
      await whileServing({ upstreams }, async ({ server }) => {
        const client = new RawClient(server.port);
        client.send(
          `POST /mirror HTTP/1.1\r\n${host}${close}Content-Length: 4\r\nExpect: 100-continue\r\n\r\n`,
        );
        await client.received('HTTP/1.1 100 Continue\r\n\r\n');
        client.send('body');
        await client.ended;
        expect(client.text).to.contain('HTTP/1.1 200 OK');
        expect(client.text).to.contain('"body":"body"');
        expect(client.text).to.not.match(/"expect"/i);
      });
    });
  });

  it('does not invite a body that it would refuse', async () => {
    await whileServing({}, async ({ server }) => {
      const client = new RawClient(server.port);
      client.send(
        `POST /greeting HTTP/1.1\r\n${host}Content-Length: 99999999\r\nExpect: 100-continue\r\n\r\n`,
      );
      await client.received('TooBigBody');
      client.finish();
      await client.ended;
      expect(client.text).to.match(/^HTTP\/1\.1 413 /);
      expect(client.text).to.not.contain('100 Continue');
    });
  });

  it('takes a whole URL as request target', async () => {
    await whileServing({}, async ({ server }) => {
      const request = `GET http://api.example/greeting?name=Ada HTTP/1.1\r\n${host}${close}\r\n`;
      const { text } = await exchange(server.port, request);
      expect(text).to.contain('Hello, Ada');
    });
  });

  it('answers pipelined requests in their order', async () => {
    await whileServing({}, async ({ server }) => {
      const one = (name: string, more: string) =>
        `GET /greeting?name=${name} HTTP/1.1\r\n${host}${more}\r\n`;
      const { text } = await exchange(server.port, one('a', '') + one('b', '') + one('c', close));
      expect([...text.matchAll(/Hello, (\w)/g)].map(([, name]) => name)).to.deep.equal([
        'a',
        'b',
        'c',
      ]);
    });
  });

  it('ends a slow request with 408, and goes on', async () => {
    const timeouts = { headers: 100, request: 100 };
    await whileServing({ listen: { timeouts } }, async ({ server }) => {
      const client = new RawClient(server.port);
      client.send(`GET /greeting HTTP/1.1\r\nHost: a`);
      await client.ended;
      expect(client.text).to.match(/^HTTP\/1\.1 408 /);
      expect((await fetch(`${server.url}/greeting`)).status).to.equal(200);
    });
  });

  it('survives clients that go away at any point of a request', async () => {
    await whileListening(echoing(), async (backend) => {
      const upstreams = { 'http://backend.example': backend };
      await whileServing({ upstreams }, async ({ server, gateway }) => {
        const request = `POST /mirror HTTP/1.1\r\n${host}Content-Length: 20\r\n\r\n01234567890123456789`;
        for (let end = 0; end <= request.length; end += 3) {
          const client = new RawClient(server.port);
          client.send(request.slice(0, end));
          if (end % 2 === 0) client.reset();
          else client.destroy();
          await client.ended;
        }
        expect((await fetch(`${server.url}/mirror`)).status).to.equal(200);
        await gateway.idle();
      });
    });
  });
});
