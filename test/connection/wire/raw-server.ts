import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export type Reply = (socket: Socket, request: string, nth: number) => void;

/** A TCP server that shows the exact bytes of each request and answers with any bytes. */
export class RawServer {
  /** Every request as it came, one Latin-1 character a byte. */
  readonly requests: string[] = [];
  readonly sockets = new Set<Socket>();
  /** Connections accepted so far. */
  connections = 0;
  private readonly server: Server;

  private constructor(reply: Reply) {
    this.server = createServer((socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        for (let end = requestEnd(text); end > 0; end = requestEnd(text)) {
          const request = text.slice(0, end);
          text = text.slice(end);
          this.requests.push(request);
          reply(socket, request, this.requests.length);
        }
      });
    });
  }

  static async start(reply: Reply): Promise<RawServer> {
    const raw = new RawServer(reply);
    await new Promise<void>((resolve) => raw.server.listen(0, '127.0.0.1', resolve));
    return raw;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Resolves once no connection is open. */
  async abandoned(): Promise<void> {
    await Promise.all(
      [...this.sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve))),
    );
  }
}

/** Where the first whole request of `text` ends; 0 if there is none yet. */
function requestEnd(text: string): number {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return 0;
  const length = /\r\ncontent-length: *(\d+)\r\n/i.exec(text.slice(0, head + 2))?.[1] ?? '0';
  const end = head + 4 + Number(length);
  return text.length >= end ? end : 0;
}

/** Answers with the same text every time. */
export function always(response: string | Buffer): Reply {
  return (socket) => socket.write(response);
}

export const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
