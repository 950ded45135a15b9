import { Fault } from '../fault/fault.ts';

/** Faults of the messages themselves (the troubleshooting playbooks). */

/** "413 Request Entity Too Large - TooBigBody" */
export function tooBigRequestBody(cause: unknown): Fault {
  return new Fault({
    code: 'protocol.http.TooBigBody',
    status: 413,
    faultstring: 'Body buffer overflow',
    cause,
    hint: 'The proxy endpoint property request.payload.parse.limit raises the limit, up to 30M.',
  });
}

/** "400 Bad Request - DecompressionFailureAtRequest", for whoever reads such a body. */
export function undecodableRequest(): Fault {
  return new Fault({
    code: 'messaging.adaptors.http.flow.DecompressionFailureAtRequest',
    status: 400,
    faultstring: 'Decompression failure at request',
    hint: 'The body is not what its Content-Encoding says.',
  });
}

/** "415 Unsupported Media Type - Unsupported Encoding", of requests and of targets' responses alike. */
export function unsupportedEncoding(name: string): Fault {
  return new Fault({
    code: 'protocol.http.UnsupportedEncoding',
    status: 415,
    faultstring: `Unsupported Encoding "${name}"`,
    hint: 'Content-Encoding may be gzip, deflate, or both.',
  });
}
