import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { PortError, type LoopbackDoor } from '../doubles/loopback-upstreams.ts';
import { decoded, headerPairs } from '../verify/ask.ts';
import { endToEnd, forward, ForwardError } from './forward.ts';
import type { RecordedAnswer, RecordedCall, RecordedRequest } from './recorded-exchange.ts';

/** A door that leads on to the real origin. */
export type RecordingDoor = LoopbackDoor & { readonly origin: string };

export interface RecordingUpstreamsOptions {
  /** Milliseconds for each whole answer. */
  readonly patience: number;
  /** Bytes of each body. */
  readonly largestBody: number;
}

/** Places on loopback that a gateway calls instead of its upstreams; each call is handed on and noted. */
export class RecordingUpstreams {
  readonly #servers: Server[] = [];
  readonly #options: RecordingUpstreamsOptions;
  #calls: RecordedCall[] = [];
  #open = 0;
  #onRest: (() => void) | undefined;

  private constructor(options: RecordingUpstreamsOptions) {
    this.#options = options;
  }

  /** @throws {PortError} for a port that cannot be had */
  static async listen(
    doors: readonly RecordingDoor[],
    options: RecordingUpstreamsOptions,
  ): Promise<RecordingUpstreams> {
    const upstreams = new RecordingUpstreams(options);
    try {
      for (const port of new Set(doors.map((door) => door.port))) {
        const behind = doors
          .filter((door) => door.port === port)
          .sort((one, other) => other.prefix.length - one.prefix.length);
        await upstreams.#listen(port, behind);
      }
    } catch (error) {
      await upstreams.close();
      throw error;
    }
    return upstreams;
  }

  /** Begins a request: no call has been made for it yet. */
  begin(): void {
    this.#calls = [];
  }

  /** The calls since then, once none is under way. */
  async finished(): Promise<readonly RecordedCall[]> {
    if (this.#open > 0) {
      await new Promise<void>((resolve) => {
        this.#onRest = resolve;
      });
    }
    return this.#calls;
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#servers.map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => {
              resolve();
            });
            server.closeAllConnections();
          }),
      ),
    );
  }

  async #listen(port: number, doors: readonly RecordingDoor[]): Promise<void> {
    const server = createServer((request, response) => {
      void this.#serve(request, response, doors);
    });
    server.on('clientError', (_error, socket) => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => {
        reject(new PortError(port, error));
      });
      server.listen(port, '127.0.0.1', resolve);
    });
    this.#servers.push(server);
  }

  async #serve(
    message: IncomingMessage,
    response: ServerResponse,
    doors: readonly RecordingDoor[],
  ): Promise<void> {
    this.#open += 1;
    const calls = this.#calls;
    try {
      const target = message.url ?? '/';
      const door = doors.find(({ prefix }) => target.startsWith(prefix));
      if (door === undefined) {
        response.writeHead(502).end('No --upstream has this path.');
        return;
      }
      const body = await bodyOf(message, this.#options.largestBody);
      if (body === undefined) {
        response.writeHead(413, { Connection: 'close' }).end();
        return;
      }
      const rest = target.slice(door.prefix.length);
      const request: RecordedRequest = {
        method: message.method ?? 'GET',
        target: rest.startsWith('/') ? rest : `/${rest}`,
        headers: headerPairs(message.rawHeaders),
        body,
      };
      const { method, headers } = request;
      const note: { call: RecordedCall['call']; answer: RecordedAnswer } = {
        call: { method, url: `${door.origin}${request.target}`, headers: endToEnd(headers), body },
        answer: { kind: 'failed', failure: 'hang' },
      };
      calls.push(note);
      note.answer = await this.#handOn(request, door, response);
    } catch {
      response.destroy();
    } finally {
      this.#open -= 1;
      if (this.#open === 0) this.#onRest?.();
    }
  }

  async #handOn(
    request: RecordedRequest,
    { origin }: RecordingDoor,
    response: ServerResponse,
  ): Promise<RecordedAnswer> {
    const { patience, largestBody } = this.#options;
    try {
      const url = new URL(origin);
      const answer = await forward(request, { url, host: 'of-target', patience, largestBody });
      const { status, reason, headers, body } = answer;
      const coding = headers.find(([name]) => name.toLowerCase() === 'content-encoding')?.[1];
      response.sendDate = false;
      response.writeHead(status, reason, endToEnd(headers).flat());
      response.end(body);
      return {
        kind: 'answered',
        status,
        reason,
        headers,
        body: decoded(body, coding, largestBody),
      };
    } catch (error) {
      response.destroy();
      return { kind: 'failed', failure: error instanceof ForwardError ? error.failure : 'reset' };
    }
  }
}

async function bodyOf(message: IncomingMessage, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
