import type { Bundle } from '../../../bundle/bundle.ts';
import type { Answer, Failure, HeaderValues } from '../../suite/case.ts';
import { isFraming, isOfRouter } from '../compare/names.ts';
import {
  executionsOf,
  type NamedText,
  type RecordedError,
  type RecordedExecution,
  type RecordedMessage,
  type RecordedTransaction,
} from '../session/recorded-transaction.ts';
import { bytesOf } from './rebuilt-request.ts';

/** Who makes a call: a step, or the proxy for its target. */
export type Caller = { readonly step: string } | 'target';

/** What the upstreams of a recorded transaction answered; each answer serves one call, in order. */
export class RecordedAnswers {
  readonly #target: Answer[];
  readonly #steps = new Map<string, Answer[]>();

  constructor(transaction: RecordedTransaction, proxy: Bundle) {
    this.#target = targetAnswers(transaction);
    for (const execution of executionsOf(transaction)) {
      const answer = calloutAnswer(execution, transaction, proxy);
      const { name = '' } = execution;
      if (answer !== undefined) this.#steps.set(name, [...(this.#steps.get(name) ?? []), answer]);
    }
  }

  next(caller: Caller): Answer | undefined {
    return caller === 'target' ? this.#target.shift() : this.#steps.get(caller.step)?.shift();
  }
}

function targetAnswers({ points }: RecordedTransaction): Answer[] {
  const answers: Answer[] = [];
  let isWaiting = false;
  for (const point of points) {
    if (point.kind === 'error' && isWaiting) {
      isWaiting = false;
      answers.push(failureAnswer(point.error));
    }
    if (point.kind !== 'state') continue;
    if (point.to === 'REQ_SENT') isWaiting = true;
    else if (isWaiting && point.message?.kind === 'response') {
      isWaiting = false;
      answers.push(answerOf(point.message));
    }
  }
  if (isWaiting) answers.push({ failure: 'hang' });
  return answers;
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

/** The failure that a fault tells of. */
function failureAnswer({ code, text }: RecordedError): Answer {
  const status = /ResponseCode (\d{3})\b/.exec(text)?.[1];
  if (status !== undefined) return { status: statusOf(status), body: '' };
  return { failure: failureOf(`${code} ${text}`) };
}

function failureOf(text: string): Failure {
  if (/timeout|timed? ?out/i.test(text)) return 'hang';
  if (/UnexpectedEOF|reset|broken/i.test(text)) return 'reset';
  if (/SslHandshake|certificate/i.test(text)) return 'tls';
  return 'refused';
}

/**
 * What a ServiceCallout got, as far as the session tells: the value of its response variable when it was
 * set, and status and headers where something read them later.
 */
function calloutAnswer(
  { name = '', type, outcome, error, accesses }: RecordedExecution,
  transaction: RecordedTransaction,
  { policies }: Bundle,
): Answer | undefined {
  if (outcome === 'skipped') return undefined;
  const policy = policies.get(name);
  const callout =
    policy?.kind === 'supported' && policy.policy.type === 'ServiceCallout'
      ? policy.policy
      : undefined;
  if (!/servicecallout/i.test(type)) return undefined;
  const variable = callout?.response?.value ?? '';
  const content = accesses.findLast(
    (access) =>
      access.kind === 'set' && (access.name === variable || access.name === `${variable}.content`),
  );
  if (content === undefined && outcome !== 'ran') {
    return failureAnswer(error ?? errorAfter(name, transaction));
  }
  return {
    status: statusOf(toldLater(transaction, `${variable}.status.code`)),
    headers: valuesOf(headersTold(transaction, variable)),
    body: content?.kind === 'set' ? content.value : '',
  };
}

const noError: RecordedError = { text: '', name: '', code: '' };

/** Some sessions tell a step's fault only by the error that followed. */
function errorAfter(step: string, { points }: RecordedTransaction): RecordedError {
  const at = points.findIndex((point) => point.kind === 'execution' && point.name === step);
  const next = points.slice(at).find((point) => point.kind === 'error');
  return next?.kind === 'error' ? next.error : noError;
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
