import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { loadBundle, loadBundles } from '../../lib/bundle/load-bundle.ts';
import type { Bundle } from '../../lib/bundle/bundle.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../lib/gateway/gateway.ts';
import { listen, type GatewayServer, type ListenOptions } from '../../lib/gateway/node-server.ts';
import { inFolder, type Files } from '../bundle/folder.ts';

export const bundleFixtures = path.resolve(import.meta.dirname, '../../fixtures/bundles');

export const greeting = (): Promise<Bundle> => loadBundle(path.join(bundleFixtures, 'greeting'));

/** Loads the bundles of files that are written for the moment. */
export function bundlesOf(files: Files): Promise<readonly Bundle[]> {
  return inFolder(files, loadBundles);
}

export interface Served {
  readonly gateway: Gateway;
  readonly server: GatewayServer;
}

/** Serves a gateway on loopback while `use` runs. */
export async function whileServing(
  options: Partial<GatewayOptions> & { readonly listen?: Partial<ListenOptions> },
  use: (served: Served) => Promise<void>,
): Promise<void> {
  const gateway = await createGateway({ bundles: [await greeting()], ...options });
  const server = await listen(gateway, { port: 0, ...options.listen });
  try {
    await use({ gateway, server });
  } finally {
    await server.close();
  }
}

/** Runs any listener on loopback while `use` runs. */
export async function whileListening(
  listener: RequestListener,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  }
}

/** A back end that answers with what it was asked, after `before` let it. */
export function echoing(before: () => Promise<void> = () => Promise.resolve()): RequestListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void before().then(() => {
        const { method, url, rawHeaders } = request;
        const body = Buffer.concat(chunks).toString('utf8');
        response.setHeader('Content-Type', 'application/json');
        response.end(JSON.stringify({ method, url, rawHeaders, body }));
      });
    });
  };
}
