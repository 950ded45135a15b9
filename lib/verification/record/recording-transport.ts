import { decodeBody } from '../../connection/content-coding.ts';
import {
  TransportError,
  type OutgoingRequest,
  type ResponseHead,
  type StreamableRequest,
  type Transport,
  type TransportFailureKind,
} from '../../connection/transport.ts';
import type { ObservedCall } from '../matching/compare-message.ts';
import type { Failure } from '../suite/case.ts';
import type { RecordedAnswer, RecordedCall } from './recorded-exchange.ts';

/** Bytes of one body that are kept; what is longer is recorded up to there. */
const largestBody = 16 * 1024 * 1024;

/** A call under way: it hangs until it is answered. */
class CallNote implements RecordedCall {
  readonly call: ObservedCall;
  answer: RecordedAnswer = { kind: 'failed', failure: 'hang' };

  constructor(call: ObservedCall) {
    this.call = call;
  }
}

/**
 * Writes down what passes through a transport. `noted` gets each call when it leaves; its answer is filled
 * in when it comes.
 */
export function recordingTransport(
  transport: Transport,
  noted: (call: RecordedCall) => void,
): Transport {
  const begin = (request: Omit<OutgoingRequest, 'body'>, body: Uint8Array): CallNote => {
    const { scheme, host, port } = request.origin;
    const { origin } = new URL(`${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`);
    const { method, headers } = request;
    const note = new CallNote({ method, url: `${origin}${request.target}`, headers, body });
    noted(note);
    return note;
  };
  return {
    async send(request) {
      const note = begin(request, request.body ?? new Uint8Array());
      try {
        const response = await transport.send(request);
        note.answer = answered(response, response.body);
        return response;
      } catch (error) {
        note.answer = { kind: 'failed', failure: failureOf(error) };
        throw error;
      }
    },
    async stream(request) {
      const whole = await withWholeBody(request);
      const note = begin(request, whole.body ?? new Uint8Array());
      try {
        const response = await transport.stream(whole);
        return { ...response, body: watched(response, note) };
      } catch (error) {
        note.answer = { kind: 'failed', failure: failureOf(error) };
        throw error;
      }
    },
    reach: (request) => transport.reach(request),
    close: () => transport.close(),
  };
}

/** A body that is still coming is waited for: a recording is not in a hurry. */
async function withWholeBody(request: StreamableRequest): Promise<OutgoingRequest> {
  const { body } = request;
  if (body === null || body instanceof Uint8Array) return { ...request, body };
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return { ...request, body: Buffer.concat(chunks) };
}

async function* watched(
  response: ResponseHead & { readonly body: AsyncIterable<Uint8Array> },
  note: CallNote,
): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body) {
      size += chunk.byteLength;
      if (size <= largestBody) chunks.push(chunk);
      yield chunk;
    }
  } catch (error) {
    note.answer = { kind: 'failed', failure: 'cut' };
    throw error;
  }
  const body = Buffer.concat(chunks);
  const coding = response.headers
    .filter(([name]) => name.toLowerCase() === 'content-encoding')
    .map(([, value]) => value)
    .join();
  note.answer = answered(response, body);
  note.answer = answered(response, await decodeBody(body, coding, largestBody));
}

function answered({ status, reason, headers }: ResponseHead, body: Uint8Array): RecordedAnswer {
  return { kind: 'answered', status, reason, headers, body };
}

const failures: Readonly<Record<TransportFailureKind, Failure>> = {
  unreachable: 'refused',
  'connect-timeout': 'refused',
  tls: 'tls',
  forbidden: 'refused',
  'idle-timeout': 'hang',
  aborted: 'hang',
  broken: 'reset',
  'too-large': 'cut',
  undecodable: 'cut',
  'illegal-request': 'refused',
};

function failureOf(error: unknown): Failure {
  return error instanceof TransportError ? failures[error.kind] : 'reset';
}
