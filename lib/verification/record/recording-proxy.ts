import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../host/clock.ts';
import { decoded, headerPairs } from '../verify/ask.ts';
import { endToEnd, forward, ForwardError, type ForwardOptions } from './forward.ts';
import type {
  InsideNotes,
  RecordedCall,
  RecordedExchange,
  RecordedRequest,
} from './recorded-exchange.ts';

/** What stands behind a recording proxy, and what it tells of one request. */
export interface Recorded {
  readonly forwarding: ForwardOptions;
  /** A request goes through now; all calls until `finished` belong to it. */
  begin(): void;
  /** Resolves when nothing of the request is under way any more. */
  finished(): Promise<{
    readonly calls: readonly RecordedCall[];
    readonly inside: InsideNotes | undefined;
  }>;
}

export interface RecordingProxyOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly behind: Recorded;
  readonly onExchange: (exchange: RecordedExchange) => Promise<void>;
  /** Told why a request is not recorded. */
  readonly onTrouble: (message: string) => void;
}

/**
 * An HTTP server that hands every request on and writes down what passes. One request at a time, so that
 * each call that the gateway makes belongs to one request.
 */
export class RecordingProxy {
  readonly #options: RecordingProxyOptions;
  readonly #server: Server;
  #turn: Promise<void> = Promise.resolve();
  #isClosed = false;

  private constructor(options: RecordingProxyOptions) {
    this.#options = options;
    this.#server = createServer({ maxHeaderSize: 1024 * 1024 }, (request, response) => {
      void this.#serve(request, response);
    });
    this.#server.on('clientError', (_error, socket) => socket.destroy());
  }

  /** @throws {Error} with a system's code, such as EADDRINUSE */
  static async listen(options: RecordingProxyOptions): Promise<RecordingProxy> {
    const proxy = new RecordingProxy(options);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject);
      proxy.#server.listen(options.port, options.host, resolve);
    });
    return proxy;
  }

  get port(): number {
    const { port } = this.#server.address() as AddressInfo;
    return port;
  }

  /** Takes no more requests, and finishes the one under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    await this.#turn;
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { largestBody } = this.#options.behind.forwarding;
    const body = await bodyOf(message, largestBody);
    if (body === 'broken') return;
    if (body === 'too-long') {
      this.#options.onTrouble(`a request with a body of more than ${largestBody} bytes`);
      refuse(response, 413, 'The body is longer than a recording keeps.');
      return;
    }
    const request: RecordedRequest = {
      method: message.method ?? 'GET',
      target: message.url ?? '/',
      headers: headerPairs(message.rawHeaders),
      body,
    };
    const turn = this.#turn.then(() => this.#record(request, response));
    this.#turn = turn;
    await turn;
  }

  async #record(request: RecordedRequest, response: ServerResponse): Promise<void> {
    if (this.#isClosed) {
      refuse(response, 503, 'The recording has ended.');
      return;
    }
    const { behind, onExchange, onTrouble } = this.#options;
    const startedAt = systemClock.now();
    behind.begin();
    try {
      const answer = await forward(request, behind.forwarding);
      const { calls, inside } = await behind.finished();
      const coding = answer.headers.find(([name]) => name.toLowerCase() === 'content-encoding');
      const { largestBody } = behind.forwarding;
      await onExchange({
        startedAt,
        request,
        response: { ...answer, body: decoded(answer.body, coding?.[1], largestBody) },
        calls,
        inside,
      });
      const { status, reason, headers, body } = answer;
      response.sendDate = false;
      response.writeHead(status, reason, endToEnd(headers).flat());
      response.end(body);
      await sent(response);
    } catch (error) {
      const why = error instanceof ForwardError ? error.message : messageOf(error);
      onTrouble(`${request.method} ${request.target.replace(/\?.*$/s, '')}: ${why}`);
      refuse(response, 502, `The gateway behind the recording gave no answer: ${why}`);
    }
  }
}

/** Resolves when all of it has left, or nobody is there any more. */
async function sent(response: ServerResponse): Promise<void> {
  if (response.closed) return;
  await new Promise<void>((resolve) => {
    response.once('close', resolve);
  });
}

function refuse(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'Content-Type': 'text/plain', Connection: 'close' }).end(text);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function bodyOf(
  message: IncomingMessage,
  limit: number,
): Promise<Uint8Array | 'too-long' | 'broken'> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size > limit) return 'too-long';
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch {
    return 'broken';
  }
}
