import {
  TransportError,
  type IncomingResponse,
  type OutgoingRequest,
  type Transport,
  type TransportFailureKind,
} from '../../connection/transport.ts';

/** What went over the wire, or would have. With retries, the last attempt. */
export interface Recording {
  request: OutgoingRequest | undefined;
  /** `unsent` when the attempt ended before the request could leave. */
  fate: 'sent' | 'unsent';
  response: IncomingResponse | undefined;
}

export function newRecording(): Recording {
  return { request: undefined, fate: 'unsent', response: undefined };
}

/** Ends a dry run at the point where the request would leave. */
export class DryRunEnd extends Error {}

const beforeSending: ReadonlySet<TransportFailureKind> = new Set([
  'unreachable',
  'connect-timeout',
  'tls',
  'forbidden',
  'illegal-request',
]);

/** Keeps what passes through a transport. */
export function recordingTransport(transport: Transport, recording: Recording): Transport {
  return {
    async send(request) {
      const before = { ...recording };
      recording.request = request;
      recording.fate = 'sent';
      recording.response = undefined;
      try {
        recording.response = await transport.send(request);
      } catch (error) {
        if (error instanceof TransportError && beforeSending.has(error.kind)) {
          // An earlier attempt that did leave is what was sent.
          if (before.fate === 'sent') Object.assign(recording, before);
          else recording.fate = 'unsent';
        }
        throw error;
      }
      return recording.response;
    },
    // A callout always waits for the whole response.
    stream: (request) => transport.stream(request),
    reach: (request) => transport.reach(request),
    close: () => transport.close(),
  };
}

/** Keeps requests and sends nothing; what is kept counts as sent, since that is what was asked for. */
export function dryTransport(recording: Recording): Transport {
  return {
    send(request) {
      recording.request = request;
      recording.fate = 'sent';
      return Promise.reject(new DryRunEnd('Nothing is sent in a dry run'));
    },
    stream: () => Promise.reject(new DryRunEnd('Nothing is sent in a dry run')),
    reach: () => Promise.reject(new DryRunEnd('Nothing is sent in a dry run')),
    close: () => Promise.resolve(),
  };
}
