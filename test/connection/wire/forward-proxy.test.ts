import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { createUndiciTransport } from '../../../lib/connection/undici-transport.ts';
import { systemClock } from '../../../lib/host/clock.ts';
import { ManualClock } from './manual-clock.ts';
import { RawServer } from './raw-server.ts';
import { outcome, requestTo } from './request.ts';

const pem = (name: string): string =>
  readFileSync(new URL(`../../../fixtures/certificates/${name}.pem`, import.meta.url), 'utf8');
const tls = {
  certificateAuthorities: [pem('ca')],
  verification: 'verify',
  ciphers: [],
  protocols: [],
} as const;

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function stopped(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

describe('a forward proxy', () => {
  const lines: string[] = [];
  let verdict = '200 Connection established';
  const proxy = createServer((incoming, outgoing) => {
    lines.push(
      `${String(incoming.method)} ${String(incoming.url)} host=${String(incoming.headers.host)}`,
    );
    outgoing.end('from the proxy');
  }).on('connect', (incoming, socket) => {
    lines.push(`CONNECT ${String(incoming.url)} ${JSON.stringify(incoming.headers)}`);
    socket.on('error', () => undefined);
    if (!verdict.startsWith('200')) {
      socket.end(`HTTP/1.1 ${verdict}\r\n\r\n`);
      return;
    }
    const [host = '', port] = String(incoming.url).split(':');
    const onward = connect(Number(port), host === 'up.test' ? '127.0.0.1' : host, () => {
      socket.write(`HTTP/1.1 ${verdict}\r\n\r\n`);
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
  });
  const plain = createServer((incoming, outgoing) => outgoing.end(`plain ${String(incoming.url)}`));
  const secure = createTlsServer(
    { cert: pem('server'), key: pem('server.key') },
    (incoming, outgoing) => outgoing.end(`secure ${String(incoming.url)}`),
  );
  const ports = { proxy: 0, plain: 0, secure: 0 };
  before(async () => {
    ports.proxy = await listening(proxy);
    ports.plain = await listening(plain);
    ports.secure = await listening(secure);
  });
  after(() => Promise.all([proxy, plain, secure].map(stopped)));
  beforeEach(() => {
    lines.length = 0;
    verdict = '200 Connection established';
  });

  function through(tunnel: 'always' | 'https-only', scheme: 'http' | 'https', host: string) {
    const port = scheme === 'http' ? ports.plain : ports.secure;
    return requestTo(port, {
      origin: { scheme, host, port },
      target: '/a?b',
      headers: [['Host', 'given.test']],
      tls: scheme === 'https' ? tls : undefined,
      proxy: { host: '127.0.0.1', port: ports.proxy, tunnel },
    });
  }

  it('is sent the absolute URL of a plain request, with the Host given', async () => {
    const transport = createUndiciTransport({ clock: systemClock });
    const { body } = await transport.send(through('https-only', 'http', 'up.test'));
    expect(Buffer.from(body).toString()).to.equal('from the proxy');
    expect(lines).to.deep.equal([`GET http://up.test:${ports.plain}/a?b host=given.test`]);
    await transport.close();
  });

  it('tunnels a plain request where it shall, and once for two', async () => {
    const transport = createUndiciTransport({ clock: systemClock });
    for (let call = 0; call < 2; call += 1) {
      const { body } = await transport.send(through('always', 'http', 'up.test'));
      expect(Buffer.from(body).toString()).to.equal('plain /a?b');
    }
    expect(lines.length).to.equal(1);
    expect(lines[0]).to.match(/^CONNECT up\.test:\d+ \{"host":"up\.test:\d+"/);
    await transport.close();
  });

  it('tunnels TLS, which verifies the target and not the proxy', async () => {
    const transport = createUndiciTransport({ clock: systemClock });
    const { body } = await transport.send(through('https-only', 'https', '127.0.0.1'));
    expect(Buffer.from(body).toString()).to.equal('secure /a?b');
    expect(await outcome(transport.send(through('https-only', 'https', 'up.test')))).to.equal(
      'tls',
    );
    await transport.close();
  });

  it('that refuses the tunnel makes the target unreachable', async () => {
    verdict = '403 Forbidden';
    const transport = createUndiciTransport({ clock: systemClock });
    expect(await outcome(transport.send(through('always', 'https', '127.0.0.1')))).to.equal(
      'unreachable',
    );
    await transport.close();
  });

  it('that never answers CONNECT is left after the connect timeout', async () => {
    const clock = new ManualClock();
    let asked: () => void = () => undefined;
    const asking = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const silent = await RawServer.start(() => {
      asked();
    });
    const transport = createUndiciTransport({ clock });
    const request = {
      ...through('always', 'https', '127.0.0.1'),
      proxy: { host: '127.0.0.1', port: silent.port, tunnel: 'always' },
    } as const;
    const result = outcome(transport.send(request));
    await asking;
    clock.advance(3_001);
    expect(await result).to.equal('connect-timeout');
    await silent.abandoned();
    await transport.close();
    await silent.close();
  });

  it('does not lead around the egress policy for address literals', async () => {
    const transport = createUndiciTransport({ clock: systemClock, egress: 'public' });
    expect(await outcome(transport.send(through('always', 'http', '127.0.0.1')))).to.equal(
      'forbidden',
    );
    expect(lines).to.deep.equal([]);
    await transport.close();
  });
});
