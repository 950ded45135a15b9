import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ClientResponse } from '../flow/client-request.ts';
import type { Gateway } from './gateway.ts';
import {
  faultResponse,
  malformedRequest,
  methodNotAllowed,
  requestTimedOut,
  tooBigHeaders,
  tooBigLine,
} from './protocol-faults.ts';
import { defaultRequestLimits, type RequestLimits } from './request-limits.ts';
import { sendableResponse } from './sendable-response.ts';

/** How long a client may take, in milliseconds. */
export interface ClientTimeouts {
  /** For the whole head of a request. */
  readonly headers: number;
  /** For a whole request. */
  readonly request: number;
  /** Without a byte in either direction while a transaction runs or a response is read. */
  readonly idle: number;
  /** Between requests. */
  readonly keepAlive: number;
}

const defaultClientTimeouts: ClientTimeouts = {
  headers: 30_000,
  request: 300_000,
  idle: 310_000,
  keepAlive: 60_000,
};

export interface ListenOptions {
  /** 0 picks one. */
  readonly port: number;
  /** Loopback unless given. */
  readonly host?: string;
  readonly timeouts?: Partial<ClientTimeouts>;
  readonly limits?: Partial<RequestLimits>;
}

export interface GatewayServer {
  readonly port: number;
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  /** Takes no more connections, finishes the requests in flight, and closes every connection. */
  close(): Promise<void>;
}

/** How long after the last response a client may keep its connection, in milliseconds. */
const farewell = 500;

/**
 * Serves a gateway over HTTP/1.1.
 *
 * @throws {Error} of node's when the address cannot be had
 */
export async function listen(gateway: Gateway, options: ListenOptions): Promise<GatewayServer> {
  const timeouts = { ...defaultClientTimeouts, ...options.timeouts };
  const limits = { ...defaultRequestLimits, ...options.limits };
  const host = options.host ?? '127.0.0.1';
  const latest = new WeakMap<Duplex, ServerResponse>();
  const refused = new WeakSet<Duplex>();
  const server = createServer(
    {
      // Room for both, so that the handler can say which of them is too long.
      maxHeaderSize: limits.requestLine + limits.headers + 1024,
      headersTimeout: timeouts.headers,
      requestTimeout: timeouts.request,
      connectionsCheckingInterval: Math.min(5_000, timeouts.headers, timeouts.request),
      keepAliveTimeout: timeouts.keepAlive,
      insecureHTTPParser: false,
      requireHostHeader: true,
    },
    (request, response) => {
      latest.set(request.socket, response);
      gateway.nodeHandler(request, response);
    },
  );
  // The header limit is one of bytes.
  server.maxHeadersCount = 0;
  server.timeout = timeouts.idle;
  server.on('checkContinue', (request, response) => {
    latest.set(request.socket, response);
    gateway.checkContinue(request, response);
  });
  server.on('checkExpectation', (_request, response) => {
    response.writeHead(417, { 'Content-Length': '0', Connection: 'close' }).end();
  });
  server.on('connect', (_request, socket: Duplex) => {
    refuse(socket, methodNotAllowed());
  });
  server.on('clientError', (error: ClientError, socket: Duplex) => {
    // What follows a malformed request is malformed too.
    if (refused.has(socket)) return;
    refused.add(socket);
    const response = latest.get(socket);
    // A response on its way must not be followed, let alone interrupted, by another.
    const isClean = response === undefined || !response.headersSent || response.writableFinished;
    if (isClean && socket.writable) refuse(socket, responseTo(error, limits));
    else socket.destroy();
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    close: () => closeServer(server, gateway),
  };
}

async function closeServer(server: Server, gateway: Gateway): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  // Connections close with their response from now on.
  await gateway.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => {
    server.closeAllConnections();
  }, farewell);
  await closed;
  clearTimeout(timer);
}

interface ClientError extends Error {
  readonly code?: string;
  readonly rawPacket?: Buffer;
}

function responseTo({ code, rawPacket }: ClientError, limits: RequestLimits): ClientResponse {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return faultResponse(requestTimedOut());
  if (code !== 'HPE_HEADER_OVERFLOW') return faultResponse(malformedRequest());
  return faultResponse(
    isRequestLine(rawPacket, limits.requestLine)
      ? tooBigLine(limits.requestLine)
      : tooBigHeaders(limits.headers),
  );
}

/** Whether the packet that was too much has a request line's beginning, without its end, or its end. */
function isRequestLine(packet: Buffer | undefined, limit: number): boolean {
  const text = packet?.toString('latin1') ?? '';
  const line = text.indexOf('\n');
  return /^[A-Z]+ /.test(text)
    ? line < 0 || line > limit
    : / HTTP\/1\.[01]\r?$/.test(text.slice(0, Math.max(line, 0)));
}

/**
 * Writes a response by hand, where no request came to be, and ends the connection. What the client still
 * sends is dropped for a moment: a connection that is closed upon it would take the response along.
 */
function refuse(socket: Duplex, response: ClientResponse): void {
  const { status, reason, headers, body } = sendableResponse(response, 'GET', () => undefined);
  let head = `HTTP/1.1 ${status} ${reason}\r\n`;
  for (let at = 0; at + 1 < headers.length; at += 2) {
    head += `${headers[at] ?? ''}: ${headers[at + 1] ?? ''}\r\n`;
  }
  socket.on('error', () => socket.destroy()).resume();
  socket.write(`${head}Connection: close\r\n\r\n`, 'latin1');
  socket.end(body);
  const timer = setTimeout(() => socket.destroy(), farewell);
  timer.unref();
  socket
    .once('end', () => socket.destroy())
    .once('close', () => {
      clearTimeout(timer);
    });
}
