import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StreamableBody } from '../flow/client-request.ts';
import { giveUp, type SendableResponse } from './sendable-response.ts';

/** What a client may still send after its response, so that the response reaches it. In bytes. */
const mostDrained = 64 * 1024 * 1024;
/** The same in milliseconds. */
const longestDraining = 10_000;

/** Most bytes of a body that is written in one piece with its head. */
const mostJoined = 16 * 1024;

function latin1({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
}

/**
 * Sends a response.
 *
 * @param onSent called when it has left or the client has gone, possibly more than once
 */
export function sendResponse(
  response: ServerResponse,
  { status, reason, headers, body }: SendableResponse,
  onSent: () => void,
): void {
  if (response.destroyed || response.closed) {
    giveUp(body);
    onSent();
    return;
  }
  // An error is followed by 'close', and nobody else has to hear of it.
  response.on('error', ignore).on('close', onSent).on('finish', onSent);
  response.writeHead(status, reason, headers);
  if (body === undefined || isEmpty(body)) response.end();
  else if (!(body instanceof Uint8Array)) void sendChunks(response, body);
  else if (body.byteLength > mostJoined) response.end(body);
  else endInOnePiece(response, body);
}

function isEmpty(body: StreamableBody): boolean {
  return body instanceof Uint8Array && body.byteLength === 0;
}

/**
 * Has node write a small body and its head as one text, which takes it half of what a vector of pieces
 * does. `end` with a body would add an empty piece; so would a socket that stays corked until `end`.
 */
function endInOnePiece(response: ServerResponse, body: Uint8Array): void {
  const { socket } = response;
  socket?.cork();
  response.write(latin1(body), 'latin1');
  socket?.uncork();
  response.end();
}

function ignore(): void {
  // What follows an error ends the exchange.
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
 *
 * @param onSent as for `sendResponse`
 */
export function endAfterDraining(
  request: IncomingMessage,
  response: ServerResponse,
  { status, reason, headers, body }: SendableResponse,
  onSent: () => void,
): void {
  if (response.destroyed) {
    onSent();
    return;
  }
  response.shouldKeepAlive = false;
  // Listened for from the start: nobody is told of it once it has happened.
  response.on('error', ignore).on('close', onSent);
  response.writeHead(status, reason, headers);
  if (body instanceof Uint8Array) response.write(body);
  else response.flushHeaders();
  void drained(request).then(() => {
    response.end(onSent);
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
