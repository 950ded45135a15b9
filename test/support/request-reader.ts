/** A request exactly as it came over the wire. */
export interface ReceivedRequest {
  readonly method: string;
  /** The request target, byte for byte. */
  readonly target: string;
  /** In order, names as spelled. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

type Head = Omit<ReceivedRequest, 'body'>;

/**
 * Cuts a connection's bytes into requests. Node's own server would fold, drop and reorder what a test
 * wants to see, so this one takes every line as it stands and throws at anything that is not HTTP.
 */
export class RequestReader {
  #rest: Buffer = Buffer.alloc(0);
  readonly #onRequest: (request: ReceivedRequest) => void;

  constructor(onRequest: (request: ReceivedRequest) => void) {
    this.#onRequest = onRequest;
  }

  push(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (let request = this.#take(); request !== undefined; request = this.#take()) {
      this.#onRequest(request);
    }
  }

  #take(): ReceivedRequest | undefined {
    const end = this.#rest.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const head = readHead(this.#rest.subarray(0, end).toString('latin1'));
    const framed = readBody(head, this.#rest.subarray(end + 4));
    if (framed === undefined) return undefined;
    this.#rest = framed.rest;
    return { ...head, body: framed.body };
  }
}

function readHead(text: string): Head {
  const [requestLine = '', ...lines] = text.split('\r\n');
  const [, method, target] = /^(\S+) (\S+) HTTP\/1\.[01]$/.exec(requestLine) ?? [];
  if (method === undefined || target === undefined) {
    throw new Error(`No HTTP request line: ${JSON.stringify(requestLine)}`);
  }
  const headers = lines.map((line) => {
    const [, name, value] = /^([^\s:]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw new Error(`No HTTP header line: ${JSON.stringify(line)}`);
    }
    return [name, value] as const;
  });
  return { method, target, headers };
}

interface FramedBody {
  readonly body: Buffer;
  readonly rest: Buffer;
}

/** The body and what follows it, or nothing while bytes are missing. */
function readBody({ headers }: Head, bytes: Buffer): FramedBody | undefined {
  const valueOf = (wanted: string) => headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  if (valueOf('transfer-encoding') !== undefined) return readChunks(bytes);
  const length = Number(valueOf('content-length') ?? 0);
  if (bytes.length < length) return undefined;
  return { body: bytes.subarray(0, length), rest: bytes.subarray(length) };
}

function readChunks(bytes: Buffer): FramedBody | undefined {
  const chunks: Buffer[] = [];
  let position = 0;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', position);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.subarray(position, lineEnd).toString('latin1'), 16);
    const start = lineEnd + 2;
    const end = start + size;
    if (bytes.length < end + 2) return undefined;
    if (size === 0) return { body: Buffer.concat(chunks), rest: bytes.subarray(end + 2) };
    chunks.push(bytes.subarray(start, end));
    position = end + 2;
  }
}
