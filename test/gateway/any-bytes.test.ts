import { expect } from 'chai';
import fc from 'fast-check';
import { RawClient } from './raw-client.ts';
import { whileServing } from './serving.ts';

const piece = fc.oneof(
  fc.constantFrom(
    'GET /greeting HTTP/1.1\r\n',
    'POST /greeting HTTP/1.1\r\n',
    'Host: a\r\n',
    'Content-Length: 3\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Transfer-Encoding: identity\r\n',
    'Expect: 100-continue\r\n',
    'Connection: upgrade\r\nUpgrade: websocket\r\n',
    '\r\n',
    '3\r\nabc\r\n',
    '0\r\n\r\n',
    'HTTP/1.0',
    'OPTIONS * HTTP/1.1\r\n',
    '\t',
    '\0',
  ),
  fc.string({ maxLength: 12 }),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);

describe('any bytes on a socket', () => {
  it('get HTTP responses or a closed connection, and the gateway goes on', async () => {
    const errors: unknown[] = [];
    const log = { warn: () => undefined, error: (details: unknown) => errors.push(details) };
    await whileServing({ log }, async ({ server, gateway }) => {
      await fc.assert(
        fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
          const client = new RawClient(server.port);
          client.send(pieces.join(''));
          client.finish();
          await client.ended;
          expect(client.text).to.match(/^(?:HTTP\/1\.1 [1-5]\d\d [^]*)?$/);
        }),
        { numRuns: 400 },
      );
      expect((await fetch(`${server.url}/greeting`)).status).to.equal(200);
      await gateway.idle();
      expect(errors).to.deep.equal([]);
    });
  }).timeout(60_000);
});
