import type { HeaderLines } from '../matching/compare-message.ts';
import type {
  Answer,
  Case,
  Expectation,
  ExpectedCall,
  ExpectedFault,
  HeaderValues,
  RequestInit,
} from '../suite/case.ts';
import { headersThatNeverMatter, mediaTypeOf } from '../verify/header-meaning.ts';
import { endToEnd } from './forward.ts';
import { maskedExpectation, maskedGiven, maskedText } from './masked-case.ts';
import type { RecordedCall, RecordedExchange } from './recorded-exchange.ts';
import type { Secrets } from './secrets.ts';
import { bodyInit, expectedBody } from './written-body.ts';

/** A case as it was recorded, and what tells whether another one is a repeat of it. */
export interface RecordedCase {
  readonly case: Case;
  /** The same for requests that ask for the same. */
  readonly request: string;
  /** The same for answers that came about the same way. */
  readonly way: string;
}

/** Headers that are new with each request, though it asks for the same. */
const perRequest = /(?:request|correlation|transaction|trace|span)[-_]?(?:id|parent|state)|^date$/i;

/** The case that a recorded exchange is, without secrets. Its name is not yet its own alone. */
export function recordedCase(exchange: RecordedExchange, secrets: Secrets): RecordedCase {
  const { startedAt, request, response, calls, inside } = exchange;
  const given = maskedGiven(requestOf(exchange), secrets);
  const expectation: Expectation = {
    response: {
      status: response.status,
      headers: meantHeaders(response.headers),
      body: expectedBody(response.body, mediaTypeOf(response.headers)),
    },
    calls: calls.map(expectedCall),
    ...(inside === undefined ? {} : { fault: faultOf(inside) ?? null, steps: inside.steps }),
  };
  const masked = maskedExpectation(expectation, secrets);
  const path = maskedText(request.target.replace(/\?.*$/s, ''), secrets);
  const one: Case = {
    name: `${request.method} ${path} answers ${response.status}`,
    now: new Date(startedAt).toISOString(),
    request: given,
    ...(calls.length === 0 ? {} : { upstreams: upstreamsOf(calls, masked.calls ?? [], secrets) }),
    expect: masked,
  };
  return { case: one, request: requestKey(given), way: wayOf(exchange) };
}

function requestOf({ request }: RecordedExchange): RequestInit {
  const { method, target, headers, body } = request;
  const kept = endToEnd(headers).filter(([name]) => !/^(?:host|accept-encoding)$/i.test(name));
  return {
    method,
    target,
    ...(kept.length === 0 ? {} : { headers: headerValues(kept) }),
    ...(body.byteLength === 0 ? {} : { body: bodyInit(body) }),
  };
}

function requestKey({ headers = {}, ...rest }: RequestInit): string {
  const lasting = Object.entries(headers).filter(
    ([name]) => !perRequest.test(name) && !headersThatNeverMatter.has(name.toLowerCase()),
  );
  return JSON.stringify([rest, lasting]);
}

function wayOf({ response, calls, inside }: RecordedExchange): string {
  return JSON.stringify([
    response.status,
    inside?.steps,
    inside?.fault?.code,
    calls.map(({ call, answer }) => [
      call.method,
      call.url.replace(/\?.*$/s, ''),
      answer.kind === 'answered' ? answer.status : answer.failure,
    ]),
  ]);
}

/** Lines of one name are a list; their first spelling counts. */
function headerValues(lines: HeaderLines): HeaderValues {
  const names = new Map<string, { readonly name: string; readonly values: string[] }>();
  for (const [name, value] of lines) {
    const known = names.get(name.toLowerCase());
    if (known === undefined) names.set(name.toLowerCase(), { name, values: [value] });
    else known.values.push(value);
  }
  return Object.fromEntries(
    [...names.values()].map(({ name, values }) => [
      name,
      values.length === 1 ? (values[0] ?? '') : values,
    ]),
  );
}

function expectedCall({ call }: RecordedCall): ExpectedCall {
  return {
    method: call.method,
    url: call.url,
    headers: meantHeaders(call.headers),
    body: expectedBody(call.body, mediaTypeOf(call.headers)),
  };
}

/** Those that say what a message means, each line for itself. */
function meantHeaders(lines: HeaderLines): HeaderValues {
  const meant = lines.filter(([name]) => {
    const lower = name.toLowerCase();
    return lower !== 'host' && !headersThatNeverMatter.has(lower);
  });
  return Object.fromEntries(
    Object.entries(headerValues(meant)).map(([name, values]) => [name.toLowerCase(), values]),
  );
}

function faultOf({
  fault,
  faultRule,
}: NonNullable<RecordedExchange['inside']>): ExpectedFault | undefined {
  if (fault === undefined) return undefined;
  const { code, name, status } = fault;
  return { code, name, status, rule: faultRule ?? null };
}

/** Answers by origin, each for the call that it was given to. */
function upstreamsOf(
  calls: readonly RecordedCall[],
  expected: readonly ExpectedCall[],
  secrets: Secrets,
): Readonly<Record<string, readonly Answer[]>> {
  const byOrigin = new Map<string, Answer[]>();
  for (const [index, { call, answer }] of calls.entries()) {
    const { origin } = new URL(call.url);
    const url = expected[index]?.url;
    const when: ExpectedCall = {
      method: call.method,
      ...(typeof url === 'string' ? { url } : {}),
    };
    const known = byOrigin.get(origin) ?? [];
    byOrigin.set(origin, [...known, maskedGiven({ when, ...answerOf(answer) }, secrets)]);
  }
  return Object.fromEntries(byOrigin);
}

function answerOf(answer: RecordedCall['answer']): Answer {
  if (answer.kind === 'failed') return { failure: answer.failure };
  const { status, reason, headers, body } = answer;
  const codings = headers.filter(([name]) => name.toLowerCase() === 'content-encoding');
  const coding = codings.map(([, value]) => value.toLowerCase()).join();
  const kept = endToEnd(headers).filter(
    ([name]) => !/^(?:content-encoding|date)$/i.test(name) || (coding === 'br' && name !== 'date'),
  );
  return {
    status,
    ...(reason === '' ? {} : { reason }),
    ...(kept.length === 0 ? {} : { headers: headerValues(kept) }),
    ...(coding === 'gzip' || coding === 'deflate' ? { encoding: coding } : {}),
    body: bodyInit(body),
  };
}
