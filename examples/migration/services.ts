/** What the bundle calls: the stock at one URL, prices at another. Each price has an id of its own. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const stock: Readonly<Record<string, number>> = { lamp: 12, chair: 0 };

let quotes = 0;

export interface Services {
  readonly stockUrl: string;
  readonly pricesUrl: string;
  close(): void;
}

/** @param ports 0 lets the system choose */
export async function startServices(ports: { stock: number; prices: number }): Promise<Services> {
  const [one, other] = [createServer(answerStock), createServer(answerPrice)];
  return {
    stockUrl: await listen(one, ports.stock),
    pricesUrl: await listen(other, ports.prices),
    close() {
      for (const server of [one, other]) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

function answerStock({ url = '' }: IncomingMessage, response: ServerResponse): void {
  const available = stock[url.replace('/items/', '')];
  const known = available === undefined ? 404 : 200;
  response.writeHead(known, { 'content-type': 'application/json' });
  response.end(JSON.stringify(available === undefined ? { error: 'unknown' } : { available }));
}

function answerPrice(request: IncomingMessage, response: ServerResponse): void {
  request.resume().once('end', () => {
    quotes += 1;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id: `q-${quotes}`, amount: 39.5 }));
  });
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

if (import.meta.filename === process.argv[1]) {
  const { stockUrl, pricesUrl } = await startServices({ stock: 9001, prices: 9002 });
  console.log(`stock at ${stockUrl}, prices at ${pricesUrl}`);
}
