import { ConnectionError } from '../connection/connection-error.ts';
import { EmptyAudienceError } from '../connection/authentication.ts';
import { TokenError } from '../connection/google-tokens.ts';
import { LocalCallError } from '../connection/local-proxies.ts';
import { TransportError } from '../connection/transport.ts';
import { Fault } from '../fault/fault.ts';
import { tooBigRequestBody } from './message-faults.ts';

/** Faults of routing and of the call to a target ("Fault handling", the troubleshooting playbooks). */

const flow = 'messaging.adaptors.http.flow';

export function routeFailed(): Fault {
  return new Fault({
    code: 'messaging.runtime.RouteFailed',
    faultstring: 'Unable to route the message to a Target Endpoint',
    hint: 'No RouteRule applies; add one without a condition as the last.',
  });
}

export function targetMissing(name: string): Fault {
  return new Fault({
    code: 'messaging.runtime.TargetMissing',
    faultstring: `Target ${name} is missing`,
  });
}

export function unresolvedVariable(variable: string): Fault {
  return new Fault({
    code: 'entities.UnresolvedVariable',
    faultstring: `Unresolved variable : ${variable}`,
  });
}

export function badPath(): Fault {
  return new Fault({ code: 'protocol.http.BadPath', faultstring: 'Invalid request path' });
}

export function lengthRequired(): Fault {
  return new Fault({
    code: `${flow}.LengthRequired`,
    status: 411,
    faultstring: "'Content-Length' is missing",
    hint: 'Send a Content-Length, 0 for an empty body, or allow requests without it by a property of the target.',
  });
}

/** What is wrong with a client's body. */
export function requestBodyFault(problem: 'too-long' | { readonly error: unknown }): unknown {
  if (problem !== 'too-long' && problem.error instanceof Fault) return problem.error;
  const isTooLong =
    problem === 'too-long' ||
    (problem.error instanceof TransportError && problem.error.kind === 'too-large');
  return isTooLong
    ? tooBigRequestBody(problem === 'too-long' ? undefined : problem.error)
    : new Fault({
        code: `${flow}.UnexpectedEOFAtClient`,
        status: 400,
        faultstring: 'Unexpected EOF at client',
        cause: problem.error,
      });
}

/** What is wrong with a target's body that was to be streamed. */
export function responseBodyFault(problem: 'too-long' | { readonly error: unknown }): unknown {
  return targetFailure(
    problem === 'too-long'
      ? new TransportError('too-large', 'The body is too long for a policy that looks at it')
      : problem.error,
  );
}

/** A target's body is not what its Content-Encoding says. */
export function undecodableResponse(cause?: unknown): Fault {
  return new Fault({
    code: `${flow}.DecompressionFailureAtResponse`,
    status: 502,
    faultstring: 'Decompression failure at response',
    cause,
  });
}

/** The target answered with a status that does not count as success. Its response goes on to the client. */
export class TargetStatusFault extends Fault {
  constructor(status: number) {
    super({
      code: `${flow}.ErrorResponseCode`,
      status,
      faultstring: `Received ${status} Response`,
    });
  }
}

export function methodNotAllowedWithoutAllow(): Fault {
  return new Fault({
    code: 'protocol.http.Response405WithoutAllowHeader',
    status: 502,
    faultstring: 'Received 405 Response without Allow Header',
  });
}

/** The fault for whatever ended a call to a target. Errors that no peer can cause come back as they are. */
export function targetFailure(error: unknown): unknown {
  if (error instanceof Fault) return error;
  if (error instanceof TransportError) return transportFailure(error);
  if (error instanceof ConnectionError) return connectionFailure(error);
  if (error instanceof LocalCallError) return serviceUnavailable(error, undefined);
  if (error instanceof EmptyAudienceError) {
    return new Fault({
      code: 'googletoken.EmptyIDTokenAudience',
      faultstring: 'ID token audience is empty',
      cause: error,
    });
  }
  if (error instanceof TokenError) {
    return new Fault({
      code: 'messaging.adaptors.http.filter.GoogleTokenGenerationFailure',
      faultstring: 'Failed to generate Google token for the target',
      cause: error,
    });
  }
  return error;
}

function serviceUnavailable(cause: unknown, reason: string | undefined): Fault {
  return new Fault({
    code: `${flow}.ServiceUnavailable`,
    status: 503,
    faultstring: 'The Service is temporarily unavailable',
    cause,
    ...(reason === undefined ? {} : { reason }),
  });
}

function transportFailure(error: TransportError): Fault {
  switch (error.kind) {
    case 'connect-timeout':
      return serviceUnavailable(error, 'TARGET_CONNECT_TIMEOUT');
    case 'unreachable':
    case 'forbidden':
      return serviceUnavailable(error, 'TARGET_CONNECT_REFUSED');
    case 'tls':
      return new Fault({
        code: `${flow}.SslHandshakeFailed`,
        status: 503,
        faultstring: `SSL Handshake failed ${error.message}`,
        cause: error,
      });
    case 'idle-timeout':
    case 'aborted':
      return new Fault({
        code: `${flow}.GatewayTimeout`,
        status: 504,
        faultstring: 'Gateway Timeout',
        reason: 'TARGET_READ_TIMEOUT',
        cause: error,
      });
    case 'broken':
      return new Fault({
        code: `${flow}.UnexpectedEOFAtTarget`,
        status: 502,
        faultstring: 'Unexpected EOF at target',
        cause: error,
      });
    case 'too-large':
      return new Fault({
        code: 'protocol.http.TooBigBody',
        status: 502,
        faultstring: 'Body buffer overflow',
        cause: error,
      });
    case 'undecodable':
      return undecodableResponse(error);
    case 'illegal-request':
      return new Fault({
        code: 'protocol.http.InvalidCharactersInHeader',
        faultstring: 'Invalid Characters in Header',
        cause: error,
        hint: error.message,
      });
  }
}

function connectionFailure(error: ConnectionError): Fault {
  switch (error.kind) {
    case 'no-server':
      return new Fault({
        code: `${flow}.NoActiveTargets`,
        status: 503,
        faultstring: 'The Service is temporarily unavailable',
        cause: error,
      });
    case 'malformed-url':
    case 'missing-store':
      return serviceUnavailable(error, undefined);
  }
}

export function apiTimedOut(): Fault {
  return new Fault({ code: 'flow.APITimedOut', status: 504, faultstring: 'API timed out' });
}
