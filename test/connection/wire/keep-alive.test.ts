import { expect } from 'chai';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createUndiciTransport } from '../../../lib/connection/undici-transport.ts';
import { systemClock } from '../../../lib/host/clock.ts';
import { ManualClock } from './manual-clock.ts';
import { always, ok, RawServer } from './raw-server.ts';
import { limits, outcome, requestTo } from './request.ts';

describe('connections', () => {
  it('are reused for the same origin, and not beyond what the server allows', async () => {
    const transport = createUndiciTransport({ clock: systemClock });
    const server = await RawServer.start((socket, request) => {
      if (request.startsWith('GET /last')) {
        socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      } else socket.write(ok);
    });
    for (const target of ['/', '/', '/last', '/']) {
      await transport.send(requestTo(server.port, { target }));
    }
    expect(server.connections).to.equal(2);
    await transport.close();
    await server.close();
  });

  it('are closed when unused for the keep-alive time', async () => {
    const clock = new ManualClock();
    const transport = createUndiciTransport({ clock });
    const server = await RawServer.start(always(ok));
    await transport.send(requestTo(server.port));
    clock.advance(40_000);
    await transport.send(requestTo(server.port));
    expect(server.connections).to.equal(1);
    clock.advance(59_000);
    expect(server.sockets.size).to.equal(1);
    clock.advance(1_001);
    await server.abandoned();
    expect(clock.timers).to.equal(0);
    await transport.send(requestTo(server.port));
    expect(server.connections).to.equal(2);
    await transport.close();
    await server.close();
  });

  it('are closed at once where the keep-alive time is 0', async () => {
    const transport = createUndiciTransport({ clock: systemClock });
    const server = await RawServer.start(always(ok));
    await transport.send(requestTo(server.port, { limits: { ...limits, keepAlive: 0 } }));
    await server.abandoned();
    await transport.close();
    await server.close();
  });

  it('are kept up to a bound, the longest unused one going first', async () => {
    const transport = createUndiciTransport({ clock: systemClock, idleConnections: 2 });
    const servers = await Promise.all([1, 2, 3].map(() => RawServer.start(always(ok))));
    for (const { port } of servers) await transport.send(requestTo(port));
    await servers[0]?.abandoned();
    expect(servers.map(({ sockets }) => sockets.size)).to.deep.equal([0, 1, 1]);
    await transport.close();
    await Promise.all(servers.map((server) => server.abandoned()));
    await Promise.all(servers.map((server) => server.close()));
  });

  const stale: [method: string, result: string, requests: number][] = [
    ['GET', 'answered', 3],
    ['PUT', 'answered', 3],
    ['DELETE', 'answered', 3],
    ['POST', 'broken', 2],
    ['PATCH', 'broken', 2],
  ];
  for (const [method, result, requests] of stale) {
    it(`that break as a ${method} arrives leave it ${result}`, async () => {
      const transport = createUndiciTransport({ clock: systemClock });
      const server = await RawServer.start((socket, _request, nth) => {
        if (nth === 2) socket.destroy();
        else socket.write(ok);
      });
      await transport.send(requestTo(server.port));
      expect(await outcome(transport.send(requestTo(server.port, { method })))).to.equal(result);
      expect(server.requests.length).to.equal(requests);
      await transport.close();
      await server.close();
    });
  }

  it('that break on a first request, or after a first byte, are not tried again', async () => {
    const transport = createUndiciTransport({ clock: systemClock });
    const server = await RawServer.start((socket, _request, nth) => {
      if (nth === 2) socket.write(ok);
      else if (nth === 1) socket.destroy();
      else socket.end('H');
    });
    expect(await outcome(transport.send(requestTo(server.port)))).to.equal('broken');
    expect(await outcome(transport.send(requestTo(server.port)))).to.equal('answered');
    expect(await outcome(transport.send(requestTo(server.port)))).to.equal('broken');
    expect(server.requests.length).to.equal(3);
    await transport.close();
    await server.close();
  });

  it('that the server closed while unused harm no request of any method', async () => {
    const transport = createUndiciTransport({ clock: systemClock });
    const server = await RawServer.start(always(ok));
    await transport.send(requestTo(server.port));
    for (const socket of server.sockets) socket.end();
    await server.abandoned();
    expect(await outcome(transport.send(requestTo(server.port, { method: 'POST' })))).to.equal(
      'answered',
    );
    await transport.close();
    await server.close();
  });

  it('never mix up 2,000 interleaved requests with their responses', async () => {
    const transport = createUndiciTransport({ clock: systemClock });
    const server = createServer((incoming, outgoing) => {
      const canary = incoming.headers['x-canary'] ?? '';
      const parts: Buffer[] = [];
      incoming
        .on('data', (part: Buffer) => parts.push(part))
        .on('end', () => {
          setImmediate(() => {
            if (Number(canary) % 50 === 7) outgoing.destroy();
            else outgoing.setHeader('X-Canary', canary).end(Buffer.concat(parts));
          });
        });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    let next = 0;
    let broken = 0;
    await Promise.all(
      Array.from({ length: 64 }, async () => {
        while (next < 2_000) {
          const canary = String((next += 1));
          const controller = new AbortController();
          const sending = transport.send(
            requestTo(port, {
              method: 'POST',
              headers: [
                ['Host', 'h'],
                ['X-Canary', canary],
              ],
              body: Buffer.from(`body ${canary}`),
              signal: controller.signal,
            }),
          );
          if (Number(canary) % 31 === 3)
            setImmediate(() => {
              controller.abort();
            });
          try {
            const { headers, body } = await sending;
            expect(headers.find(([name]) => name === 'X-Canary')).to.deep.equal([
              'X-Canary',
              canary,
            ]);
            expect(Buffer.from(body).toString()).to.equal(`body ${canary}`);
          } catch (error) {
            expect(error).to.have.property('name', 'TransportError');
            broken += 1;
          }
        }
      }),
    );
    expect(broken).to.be.within(40, 105);
    await transport.close();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('closing a transport', () => {
  it('lets what is in flight finish and refuses what comes later', async () => {
    const transport = createUndiciTransport({ clock: systemClock });
    let finish: () => void = () => undefined;
    const server = await RawServer.start((socket) => {
      finish = () => socket.write(ok);
      arrived();
    });
    let arrived: () => void = () => undefined;
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const sending = transport.send(requestTo(server.port));
    await arrival;
    const closing = Promise.all([transport.close(), transport.close()]);
    expect(await outcome(transport.send(requestTo(server.port)))).to.equal('aborted');
    finish();
    expect((await sending).status).to.equal(200);
    await closing;
    await server.abandoned();
    await server.close();
  });
});
