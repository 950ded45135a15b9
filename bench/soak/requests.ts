import { once } from 'node:events';
import { connect } from 'node:net';
import type { Pool } from 'undici';

/** A way for a request to go; resolves to what the client saw. */
interface Kind {
  /** Of 100 requests, so many are of this kind. */
  readonly share: number;
  readonly expected: string;
  run(client: Client): Promise<string>;
}

export interface Client {
  readonly pool: Pool;
  readonly port: number;
}

const get =
  (path: string) =>
  async ({ pool }: Client) => {
    const { statusCode, body } = await pool.request({ method: 'GET', path });
    await body.dump();
    return String(statusCode);
  };

const post =
  (path: string, text: string) =>
  async ({ pool }: Client) => {
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json' },
      body: text,
    });
    await body.dump();
    return String(statusCode);
  };

/** Sends bytes on a connection of its own and hangs up when told to. */
const hangUp =
  (bytes: string, milliseconds: number) =>
  async ({ port }: Client) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    socket.write(bytes, () => {
      setTimeout(() => socket.resetAndDestroy(), milliseconds);
    });
    await once(socket, 'close');
    return 'gone';
  };

/** Sends bytes on a connection of its own, reads the status of the answer, and hangs up. */
const answered =
  (bytes: string) =>
  async ({ port }: Client) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.write(bytes);
    const [head] = (await once(socket, 'data')) as [Buffer];
    socket.resetAndDestroy();
    return head.toString('latin1').slice(9, 12);
  };

const json = JSON.stringify({ text: 'x'.repeat(500) });

export const kinds: Readonly<Record<string, Kind>> = {
  proxied: { share: 30, expected: '200', run: get('/v1/things/7?q=94043') },
  'with a body': { share: 12, expected: '200', run: post('/v1/things', json) },
  'with a callout': { share: 20, expected: '200', run: get('/v1/place?q=94043') },
  'callout that fails and is passed over': {
    share: 5,
    expected: '200',
    run: get('/v1/lenient?q=1'),
  },
  'callout that nobody waits for': { share: 3, expected: '200', run: get('/v1/forgotten?q=1') },
  'target refuses': { share: 4, expected: '503', run: get('/v1/refused') },
  'target resets': { share: 4, expected: '502', run: get('/v1/reset') },
  'target breaks off': { share: 3, expected: '502', run: get('/v1/half') },
  'target is late': { share: 2, expected: '504', run: get('/v1/late') },
  'target says 500': { share: 4, expected: '500', run: get('/v1/error') },
  'raised fault': { share: 4, expected: '418', run: get('/v1/raised') },
  'unresolved template': { share: 3, expected: '500', run: get('/v1/template') },
  'no target': { share: 2, expected: '200', run: get('/v1/none') },
  'body too big': {
    share: 1,
    expected: '413',
    run: answered('POST /v1/things HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\npart'),
  },
  'no proxy': { share: 1, expected: '404', run: get('/v2') },
  'client gone within its body': {
    share: 1,
    expected: 'gone',
    run: hangUp('POST /v1/things HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf', 2),
  },
  'client gone before its response': {
    share: 1,
    expected: 'gone',
    run: hangUp('GET /v1/late HTTP/1.1\r\nHost: a\r\n\r\n', 5),
  },
};
