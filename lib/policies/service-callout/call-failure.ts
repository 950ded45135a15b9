import { EmptyAudienceError } from '../../connection/authentication.ts';
import { ConnectionError } from '../../connection/connection-error.ts';
import { TokenError } from '../../connection/google-tokens.ts';
import { LocalCallError } from '../../connection/local-proxies.ts';
import { TransportError } from '../../connection/transport.ts';
import { Fault } from '../../fault/fault.ts';
import { emptyAudience, tokenGenerationFailed } from '../google-authentication/faults.ts';
import { executionFailed, timedOut } from './faults.ts';

/** The fault for whatever ended a call. Errors that no peer can cause come back as they are. */
export function callFailure(policy: string, error: unknown): unknown {
  if (error instanceof Fault) return error;
  if (error instanceof TransportError) return transportFailure(policy, error);
  if (error instanceof ConnectionError) return connectionFailure(policy, error);
  if (error instanceof LocalCallError) return executionFailed(policy, 'Host not reachable', error);
  if (error instanceof EmptyAudienceError) return emptyAudience(`ServiceCallout[${policy}]`);
  if (error instanceof TokenError) return tokenGenerationFailed(`ServiceCallout ${policy}`, error);
  return error;
}

function transportFailure(policy: string, error: TransportError): Fault {
  switch (error.kind) {
    case 'unreachable':
    case 'connect-timeout':
      return executionFailed(
        policy,
        'Host not reachable',
        error,
        'Check the host name and port, and that the service is running.',
      );
    case 'tls':
      return executionFailed(
        policy,
        'Host not reachable',
        error,
        "Check the service's certificate, and the TrustStore and CommonName of SSLInfo.",
      );
    case 'forbidden':
      return executionFailed(
        policy,
        'Host not reachable',
        error,
        'The egress policy of the runtime forbids this address.',
      );
    case 'idle-timeout':
    case 'aborted':
      return timedOut(policy, error);
    case 'broken':
      return executionFailed(policy, 'Unexpected EOF at target', error);
    case 'too-large':
      return executionFailed(
        policy,
        'Body buffer overflow',
        error,
        'The property response.payload.parse.limit takes up to 30M.',
      );
    case 'undecodable':
      return executionFailed(policy, 'Decompression failure at response', error);
    case 'illegal-request':
      return executionFailed(policy, 'Invalid characters in request', error, error.message);
  }
}

function connectionFailure(policy: string, error: ConnectionError): Fault {
  switch (error.kind) {
    case 'no-server':
      return executionFailed(policy, 'The Service is temporarily unavailable', error);
    case 'malformed-url':
    case 'missing-store':
      return executionFailed(policy, 'Host not reachable', error, error.message);
  }
}
