import type { IncomingMessage } from 'node:http';

/** `gone` is a client that went away before its body was whole. */
export type BodyReading = Uint8Array | 'too-big' | 'gone';

const noBytes = new Uint8Array(0);

/** Reads a body from the wire, no further than `limit` bytes. The rest of a longer one is left unread. */
export function readBody(request: IncomingMessage, limit: number): Promise<BodyReading> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (reading: BodyReading): void => {
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
      resolve(reading);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) {
        request.pause();
        end('too-big');
      } else chunks.push(chunk);
    };
    const onEnd = (): void => {
      const [first] = chunks;
      end(chunks.length > 1 || first === undefined ? Buffer.concat(chunks, size) : first);
    };
    const onClose = (): void => {
      end('gone');
    };
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}

/**
 * What a framework made of a body that it read before: `request.body` of Express and its like, bytes,
 * text, or an object in the format of the Content-Type.
 *
 * @throws {Error} when the body was read and not kept
 */
export function bodyReadBefore(request: IncomingMessage & { readonly body?: unknown }): Uint8Array {
  const { body } = request;
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  if (body === undefined || body === null) {
    throw new Error(
      'The body of a request was read before it came to the gateway; keep it in request.body, or mount the gateway before what reads bodies',
    );
  }
  if (isForm(request)) return Buffer.from(formText(body), 'utf8');
  return Buffer.from(JSON.stringify(body), 'utf8');
}

export { noBytes };

function isForm({ headers }: IncomingMessage): boolean {
  return /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');
}

function formText(body: object): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const one of values) form.append(name, String(one));
  }
  return form.toString();
}
