import type { Socket } from 'node:net';

const empty = Buffer.alloc(0);
const statusEnd = 12;
/** Where a status line tells the minor version, and where its code starts. */
const minorVersion = 7;
const statusStart = 9;
const zero = 0x30;
const headEnd = Buffer.from('\r\n\r\n');
/** Most bytes that an interim 100 response may have. */
const longestInterim = 8 * 1024;

/** What the bytes of a response tell before undici reads them. */
export interface ResponseTap {
  /** Forgets the last response: a request is about to be written. */
  expectResponse(): void;
  /** Bytes of the expected response so far. */
  readonly received: number;
  /** `1.1` or `1.0`. */
  readonly version: string;
}

/**
 * Listens to what undici reads from a socket. undici neither tells the HTTP version nor accepts a
 * `100 Continue` that was not asked for (RFC 9110 wants it ignored), so the tap notes the one and
 * drops the other. What is not the start of a response passes untouched.
 *
 * @param onBytes called for every chunk, before undici sees it, with the bytes received so far
 */
export function tapResponses(socket: Socket, onBytes: (received: number) => void): ResponseTap {
  const tap = { received: 0, version: '1.1', expectResponse };
  let atStart = false;
  let held: Buffer = empty;

  function expectResponse(): void {
    tap.received = 0;
    tap.version = '1.1';
    atStart = true;
    held = empty;
  }

  /** The part of `chunk`, and of what was held back, that undici is to see. */
  function filter(chunk: Buffer): Buffer {
    let data = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    held = empty;
    for (;;) {
      if (data.length < statusEnd) {
        if (!couldBeInterim(data)) break;
        held = data;
        return empty;
      }
      if (!isInterim(data)) break;
      const end = data.indexOf(headEnd);
      if (end < 0) {
        // Too long for an interim response: undici shall refuse it.
        if (data.length > longestInterim) break;
        held = data;
        return empty;
      }
      data = data.subarray(end + headEnd.length);
    }
    atStart = false;
    if (data[minorVersion] === zero && data.toString('latin1', 0, 8) === 'HTTP/1.0')
      tap.version = '1.0';
    return data;
  }

  const read = socket.read.bind(socket);
  socket.read = (size?: number): unknown => {
    const chunk: unknown = read(size);
    if (!Buffer.isBuffer(chunk)) return chunk;
    tap.received += chunk.length;
    onBytes(tap.received);
    return atStart ? filter(chunk) : chunk;
  };
  return tap;
}

/** Looks at the bytes that tell most responses apart before it makes a text of them. */
function isInterim(data: Buffer): boolean {
  if (data[statusStart] !== 0x31 || data[statusStart + 1] !== zero) return false;
  const start = data.toString('latin1', 0, statusEnd);
  return start === 'HTTP/1.1 100' || start === 'HTTP/1.0 100';
}

function couldBeInterim(start: Buffer): boolean {
  const text = start.toString('latin1');
  return 'HTTP/1.1 100'.startsWith(text) || 'HTTP/1.0 100'.startsWith(text);
}
