import { faultEnvelope } from '../fault/envelope.ts';
import { Fault } from '../fault/fault.ts';
import type { ClientResponse } from '../flow/client-request.ts';
import { standardReason } from '../variables/fault-response.ts';

const utf8 = new TextEncoder();

/** The response to what never came to a proxy, so no fault rule sees it: the default JSON body. */
export function faultResponse(fault: Fault): ClientResponse {
  return {
    status: fault.status,
    reason: standardReason(fault.status) ?? '',
    headers: [['Content-Type', 'application/json']],
    body: utf8.encode(faultEnvelope(fault)),
  };
}

/** A response of few words, where Apigee's front end answers without a fault body. */
export function plainResponse(status: number, text: string): ClientResponse {
  return {
    status,
    reason: standardReason(status) ?? '',
    headers: [['Content-Type', 'text/plain; charset=utf-8']],
    body: utf8.encode(`${text}\n`),
  };
}

/** "404 Unable to identify proxy for host"; `host` with its port. */
export function applicationNotFound(host: string, path: string): Fault {
  return new Fault({
    code: 'messaging.adaptors.http.flow.ApplicationNotFound',
    status: 404,
    faultstring: `Unable to identify proxy for host: ${host} and url: ${path}`,
  });
}

/** "414 Request-URI Too Long - TooBigLine"; `limit` in bytes. */
export function tooBigLine(limit: number): Fault {
  return new Fault({
    code: 'protocol.http.TooBigLine',
    status: 414,
    faultstring: `request line size exceeding ${withCommas(limit)}`,
  });
}

/** "431 Request Header Fields Too Large - TooBigHeaders"; `limit` in bytes. */
export function tooBigHeaders(limit: number): Fault {
  return new Fault({
    code: 'protocol.http.TooBigHeaders',
    status: 431,
    faultstring: `request headers size exceeding ${withCommas(limit)}`,
  });
}

/** "400 Bad request - DuplicateHeader" */
export function duplicateHeader(name: string): Fault {
  return new Fault({
    code: 'protocol.http.DuplicateHeader',
    status: 400,
    faultstring: `Duplicate Header "${name}"`,
  });
}

/** What is no HTTP/1.1, a method that node does not know among it. Apigee publishes no code for it. */
export function malformedRequest(): Fault {
  return new Fault({
    code: 'protocol.http.MalformedRequest',
    status: 400,
    faultstring: 'Malformed request',
  });
}

/** A client that did not send its whole request in time. */
export function requestTimedOut(): Fault {
  return new Fault({
    code: 'messaging.adaptors.http.flow.RequestTimeOut',
    status: 408,
    faultstring: 'Request timed out',
  });
}

/** A flow made a response that HTTP cannot carry. */
export function unsendableResponse(): Fault {
  return new Fault({
    code: 'protocol.http.InvalidCharactersInHeader',
    status: 500,
    faultstring: 'The response cannot be sent: its status or a header is not valid HTTP',
  });
}

/** TRACE echoes secrets and CONNECT makes tunnels: neither comes to a proxy. */
export function methodNotAllowed(): ClientResponse {
  return plainResponse(405, 'Method Not Allowed');
}

function withCommas(count: number): string {
  return count.toLocaleString('en-US');
}
