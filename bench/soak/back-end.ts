import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A back end that answers by path: well, with an error, late, half, or not at all. */
export async function startBackEnd(): Promise<number> {
  const place = JSON.stringify({ results: [{ address: 'Mountain View' }] });
  const server = createServer((request, response) => {
    request.resume();
    switch ((request.url ?? '').replace(/\?.*/, '')) {
      case '/error':
        response.writeHead(500, { 'Content-Type': 'text/plain' }).end('no');
        return;
      case '/reset':
        request.socket.destroy();
        return;
      case '/half':
        response.writeHead(200, { 'Content-Length': '1000' });
        response.write('half', () => request.socket.destroy());
        return;
      case '/late':
        // Whoever asked gives up, and closes the connection.
        return;
      default:
        response.writeHead(200, { 'Content-Type': 'application/json' }).end(place);
    }
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A port where nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
