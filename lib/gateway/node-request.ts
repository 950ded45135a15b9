import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Fault } from '../fault/fault.ts';
import type { ClientPeer } from '../flow/client-request.ts';
import type { HeaderLine } from '../message/header-lines.ts';
import { duplicateHeader, tooBigHeaders, tooBigLine } from './protocol-faults.ts';
import type { RequestLimits } from './request-limits.ts';

/** The head of a request as node read it. */
export interface RequestHead {
  readonly method: string;
  /** Path and query, also where the client sent a whole URL. */
  readonly target: string;
  readonly version: string;
  readonly headers: readonly HeaderLine[];
  readonly peer: ClientPeer;
  readonly body: 'none' | 'chunked' | { readonly length: number };
}

/** Reads the head of a request, or says which limit it breaks. */
export function readHead(request: IncomingMessage, limits: RequestLimits): RequestHead | Fault {
  const { method = 'GET', url = '/', httpVersion, rawHeaders } = request;
  // "GET /path HTTP/1.1" and its line break
  if (method.length + url.length + 12 > limits.requestLine) return tooBigLine(limits.requestLine);
  const headers: HeaderLine[] = [];
  let size = 0;
  let hosts = 0;
  let body: RequestHead['body'] = 'none';
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    const value = rawHeaders[at + 1] ?? '';
    headers.push([name, value]);
    size += name.length + value.length + 4;
    switch (name.length) {
      case 4:
        if (name.toLowerCase() === 'host') hosts += 1;
        break;
      case 14:
        if (name.toLowerCase() === 'content-length' && body === 'none') {
          const length = Number(value);
          if (length > 0) body = { length };
        }
        break;
      case 17:
        if (name.toLowerCase() === 'transfer-encoding') body = 'chunked';
        break;
    }
  }
  if (size > limits.headers) return tooBigHeaders(limits.headers);
  if (hosts > 1) return duplicateHeader('Host');
  return {
    method,
    target: originForm(url),
    version: httpVersion,
    headers,
    peer: peerOf(request),
    body,
  };
}

/** A proxy's clients send `GET http://host/path`; servers must take it (RFC 9112, section 3.2.2). */
function originForm(url: string): string {
  if (url.startsWith('/')) return url;
  const authority = /^https?:\/\/[^/?#]*/i.exec(url);
  if (authority === null) return url;
  const rest = url.slice(authority[0].length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function peerOf({ socket }: IncomingMessage): ClientPeer {
  const { remoteAddress = '', remotePort = 0 } = socket;
  return {
    // An IPv4 client of a socket that also takes IPv6.
    ip: remoteAddress.startsWith('::ffff:') ? remoteAddress.slice(7) : remoteAddress,
    port: remotePort,
    scheme: (socket as Partial<TLSSocket>).encrypted === true ? 'https' : 'http',
  };
}
