import type { IncomingMessage, ServerResponse } from 'node:http';
import { giveUp, type SendableResponse } from './sendable-response.ts';

/** What a client may still send after its response, so that the response reaches it. In bytes. */
const mostDrained = 64 * 1024 * 1024;
/** The same in milliseconds. */
const longestDraining = 10_000;

/**
 * Node writes a text together with its head in one system call, and bytes in two pieces; for a small
 * body that is a fifth of what a whole transaction costs. In bytes.
 */
const mostJoined = 16 * 1024;

function latin1({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
}

/** Sends a response; resolves when it has left, or the client has gone. */
export function sendResponse(
  response: ServerResponse,
  { status, reason, headers, body }: SendableResponse,
): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed || response.closed) {
      giveUp(body);
      resolve();
      return;
    }
    // An error is followed by 'close', and nobody else has to hear of it.
    response.once('error', () => undefined).once('close', resolve);
    response.once('finish', resolve);
    response.writeHead(status, reason, headers);
    if (body === undefined) response.end();
    else if (!(body instanceof Uint8Array)) void sendChunks(response, body);
    else if (body.byteLength > mostJoined) response.end(body);
    else response.end(latin1(body), 'latin1');
  });
}

/** Sends a body as it comes, and no faster than the client takes it. Never rejects. */
async function sendChunks(
  response: ServerResponse,
  body: AsyncIterable<Uint8Array>,
): Promise<void> {
  const chunks = body[Symbol.asyncIterator]();
  // A client that has gone ends the wait for the next chunk, too.
  response.once('close', () => {
    chunks.return?.().catch(() => undefined);
  });
  response.flushHeaders();
  try {
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
      if (!response.write(next.value)) await roomToWrite(response);
    }
    response.end();
  } catch {
    // The client must see that the body is not whole.
    response.destroy();
  }
}

function roomToWrite(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
    if (response.destroyed) go();
  });
}

/**
 * Sends a response while the client is still sending its body. Closing the connection right away would
 * take the response away from a client that writes before it reads, so the rest of the body is read
 * and dropped first, within bounds.
 */
export async function endAfterDraining(
  request: IncomingMessage,
  response: ServerResponse,
  sendable: SendableResponse,
): Promise<void> {
  if (response.destroyed) return;
  response.shouldKeepAlive = false;
  response.on('error', () => undefined);
  response.writeHead(sendable.status, sendable.reason, sendable.headers);
  const { body } = sendable;
  if (body instanceof Uint8Array) response.write(body);
  else response.flushHeaders();
  await drained(request);
  await new Promise<void>((resolve) => {
    response.once('close', resolve).end(resolve);
  });
}

function drained(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let left = mostDrained;
    const timer = setTimeout(resolve, longestDraining);
    timer.unref();
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    request.on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) end();
    });
    request.once('end', end).once('close', end).once('error', end).resume();
  });
}
