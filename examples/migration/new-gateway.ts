/**
 * The gateway that is to take the place of the bundle, written by hand. It answers every request as the
 * bundle does, but asks for the price before it looks whether there is any stock: a call too many, which
 * no client can see.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Upstreams {
  readonly stock: string;
  readonly prices: string;
}

export interface NewGateway {
  readonly url: string;
  close(): void;
}

/** @param port 0 lets the system choose */
export async function startNewGateway(port: number, upstreams: Upstreams): Promise<NewGateway> {
  const server = createServer((request, response) => {
    quote(request, response, upstreams).catch(() => {
      answer(response, 503, { error: 'try again later' });
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function quote(
  request: IncomingMessage,
  response: ServerResponse,
  { stock, prices }: Upstreams,
): Promise<void> {
  const path = (request.url ?? '').replace(/\?.*$/, '');
  const sku = /^\/v1\/quotes\/([^/]+)$/.exec(path)?.[1];
  if (sku === undefined || request.method !== 'GET') {
    answer(response, 404, { error: 'no such path' });
    return;
  }
  const { available } = await askJson(`${stock}/items/${sku}`, {
    headers: { authorization: request.headers.authorization ?? '' },
  });
  const { id, amount } = await askJson(`${prices}/quotes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sku, currency: 'EUR' }),
  });
  if (available === 0) {
    answer(response, 409, { error: 'sold out' });
    return;
  }
  response.setHeader('x-quote-id', String(id));
  answer(response, 200, { quote: id, sku, available, amount });
}

async function askJson(url: string, init: RequestInit): Promise<Record<string, unknown>> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as Record<string, unknown>;
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

if (import.meta.filename === process.argv[1]) {
  const { STOCK = 'http://127.0.0.1:9101', PRICES = 'http://127.0.0.1:9102' } = process.env;
  const { url } = await startNewGateway(8000, { stock: STOCK, prices: PRICES });
  console.log(`the new gateway listens on ${url}`);
}
