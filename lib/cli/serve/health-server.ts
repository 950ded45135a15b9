import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cannotListen } from './address.ts';

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Answers `/healthz` while the process runs and `/readyz` while it takes requests, on a port of its own
 * where no proxy can have the path.
 *
 * @throws {UsageError} for an address that cannot be had
 */
export async function listenForHealth(
  { host, port }: { readonly host: string; readonly port: number },
  isReady: () => boolean,
): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0];
    const status = path === '/healthz' ? 200 : path === '/readyz' ? (isReady() ? 200 : 503) : 404;
    const text = status === 200 ? 'ok\n' : status === 503 ? 'not ready\n' : 'not found\n';
    response.writeHead(status, { 'Content-Type': 'text/plain', Connection: 'close' }).end(text);
  });
  await new Promise<void>((resolve, reject) => {
    server
      .once('error', (error) => {
        reject(cannotListen('--health-port', host, port, error));
      })
      .listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
