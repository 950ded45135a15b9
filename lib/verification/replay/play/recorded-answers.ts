import type { Bundle } from '../../../bundle/bundle.ts';
import { TransportError, type TransportFailureKind } from '../../../connection/transport.ts';
import type { Answer, HeaderValues } from '../../suite/case.ts';
import { isFraming, isOfRouter } from '../compare/names.ts';
import {
  executionsOf,
  type NamedText,
  type RecordedExecution,
  type RecordedMessage,
  type RecordedTransaction,
} from '../session/recorded-transaction.ts';
import { bytesOf } from './rebuilt-request.ts';

/** Who makes a call: a step, or the proxy for its target. */
export type Caller = { readonly step: string } | 'target';

/** What became of a recorded call. */
export type CallOutcome =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly error: TransportError };

/** What the upstreams of a recorded transaction answered; each answer serves one call, in order. */
export class RecordedAnswers {
  readonly #target: CallOutcome[];
  readonly #steps = new Map<string, CallOutcome[]>();

  constructor(transaction: RecordedTransaction, proxy: Bundle) {
    this.#target = targetAnswers(transaction);
    for (const execution of executionsOf(transaction)) {
      const outcome = calloutOutcome(execution, transaction, proxy);
      const { name = '' } = execution;
      if (outcome !== undefined) this.#steps.set(name, [...(this.#steps.get(name) ?? []), outcome]);
    }
  }

  next(caller: Caller): CallOutcome | undefined {
    return caller === 'target' ? this.#target.shift() : this.#steps.get(caller.step)?.shift();
  }
}

function targetAnswers({ points }: RecordedTransaction): CallOutcome[] {
  const outcomes: CallOutcome[] = [];
  let isWaiting = false;
  for (const point of points) {
    if (point.kind === 'error' && isWaiting) {
      isWaiting = false;
      const { code, name, text } = point.error;
      outcomes.push(failure(text, `${code} ${name} ${text} ${point.message?.body?.text ?? ''}`));
    }
    if (point.kind !== 'state') continue;
    if (point.to === 'REQ_SENT') isWaiting = true;
    else if (isWaiting && point.message?.kind === 'response') {
      isWaiting = false;
      outcomes.push({ kind: 'answered', answer: answerOf(point.message) });
    }
  }
  if (isWaiting) outcomes.push(failure('', 'timeout'));
  return outcomes;
}

function answerOf({ status, reason, headers, body }: RecordedMessage): Answer {
  const encoding = headers.find(([name]) => /^content-encoding$/i.test(name))?.[1].toLowerCase();
  const known = encoding === 'gzip' || encoding === 'deflate' ? encoding : undefined;
  return {
    status: statusOf(status),
    ...(reason === undefined ? {} : { reason }),
    headers: valuesOf(
      headers.filter(
        ([name]) => !isFraming(name) && !isOfRouter(name) && !/^content-encoding$/i.test(name),
      ),
    ),
    // Sessions show bodies with their coding undone.
    ...(known === undefined ? {} : { encoding: known }),
    body: { base64: Buffer.from(bytesOf(body)).toString('base64') },
  };
}

function statusOf(text: string | undefined): number {
  return text !== undefined && /^[1-9]\d\d$/.test(text) ? Number(text) : 200;
}

function valuesOf(headers: readonly NamedText[]): HeaderValues {
  const values = new Map<string, string[]>();
  for (const [name, value] of headers) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(values);
}

const failures: readonly (readonly [pattern: RegExp, kind: TransportFailureKind])[] = [
  [/CONNECT_TIMEOUT/, 'connect-timeout'],
  [/timeout|timed ?out/i, 'idle-timeout'],
  [/Unexpected ?EOF|reset|broken/i, 'broken'],
  [/SslHandshake|SSL Handshake|certificate/i, 'tls'],
  [/TooBigBody|overflow/i, 'too-large'],
  [/Decompression/i, 'undecodable'],
];

/** The failure that a fault's text, and whatever else is known of it, tell of. */
function failure(text: string, known: string): CallOutcome {
  const kind = failures.find(([pattern]) => pattern.test(known))?.[1] ?? 'unreachable';
  // The reason stands behind what the fault says of every such failure.
  return {
    kind: 'failed',
    error: new TransportError(kind, text.replace(/^SSL Handshake failed /, '')),
  };
}

/**
 * What a ServiceCallout got, as far as the session tells: the value of its response variable when it was
 * set, and status and headers where something read them later.
 */
function calloutOutcome(
  execution: RecordedExecution,
  transaction: RecordedTransaction,
  { policies }: Bundle,
): CallOutcome | undefined {
  const { name = '', type, outcome, accesses } = execution;
  if (outcome === 'skipped' || !/servicecallout/i.test(type)) return undefined;
  const policy = policies.get(name);
  const callout =
    policy?.kind === 'supported' && policy.policy.type === 'ServiceCallout'
      ? policy.policy
      : undefined;
  const variable = callout?.response?.value ?? '';
  const content = accesses.findLast(
    (access) =>
      access.kind === 'set' && (access.name === variable || access.name === `${variable}.content`),
  );
  const reason = outcome === 'ran' ? '' : failureReason(execution, transaction);
  const status = /ResponseCode (\d{3})\b/.exec(reason)?.[1];
  if (outcome !== 'ran' && status === undefined) return failure(reason, reason);
  return {
    kind: 'answered',
    answer: {
      status: statusOf(status ?? toldLater(transaction, `${variable}.status.code`)),
      headers: valuesOf(headersTold(transaction, variable)),
      body: content?.kind === 'set' ? content.value : '',
    },
  };
}

/** Sessions tell a step's fault with the step, by a variable, or by the error that followed only. */
function failureReason(
  { name, error, accesses }: RecordedExecution,
  { points }: RecordedTransaction,
): string {
  if (error !== undefined) return error.text;
  const told = accesses.findLast(
    (access) => access.kind === 'set' && /^(?:fault\.reason|error\.message)$/.test(access.name),
  );
  if (told?.kind === 'set') return told.value;
  const at = points.findIndex((point) => point.kind === 'execution' && point.name === name);
  const next = points.slice(at).find((point) => point.kind === 'error');
  return next?.kind === 'error' ? next.error.text : '';
}

function toldLater({ points }: RecordedTransaction, name: string): string | undefined {
  for (const point of points) {
    if (point.kind === 'info') continue;
    for (const access of point.accesses) {
      if (access.kind === 'get' && access.name === name && access.value !== undefined) {
        return access.value;
      }
    }
  }
  return undefined;
}

function headersTold({ points }: RecordedTransaction, variable: string): readonly NamedText[] {
  const told = new Map<string, string>();
  const start = `${variable}.header.`;
  for (const point of points) {
    if (point.kind === 'info') continue;
    for (const access of point.accesses) {
      if (access.kind !== 'get' || !access.name.startsWith(start)) continue;
      const header = access.name.slice(start.length);
      if (access.value !== undefined && /^[\w-]+$/.test(header) && !isFraming(header)) {
        told.set(header, access.value);
      }
    }
  }
  if (!told.has('Content-Type') && !told.has('content-type')) {
    told.set('Content-Type', 'application/json');
  }
  return [...told];
}
