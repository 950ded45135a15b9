import { compileAuthentication, type Authentication } from '../connection/authentication.ts';
import type { ConnectionProperties, Retention } from '../connection/connection-properties.ts';
import { encodeBody } from '../connection/content-coding.ts';
import type { HttpTargetConnectionNode } from '../connection/grammar/target-connections.ts';
import {
  compileHttpConnection,
  type ConnectionCall,
  type Destination,
  type HttpConnection,
  type PreparedRequest,
} from '../connection/http-connection.ts';
import { hostHeader } from '../connection/target-url.ts';
import {
  TransportError,
  type IncomingResponse,
  type ResponseHead,
  type StreamedResponse,
} from '../connection/transport.ts';
import type { HeaderLine } from '../message/header-lines.ts';
import { Message } from '../message/message.ts';
import { encodeQueryText } from '../message/percent-encoding.ts';
import type { CompileContext } from '../policies/policy-type.ts';
import { variableReference } from '../variables/flow-variables.ts';
import { bodyToSend, type Coding } from './content-encoding.ts';
import type { EventFlow } from './event-flow.ts';
import type { ProxyTransaction } from './proxy-transaction.ts';
import { keepResponse, type TargetCall } from './target-call.ts';
import {
  apiTimedOut,
  badPath,
  lengthRequired,
  methodNotAllowedWithoutAllow,
  responseBodyFault,
  targetFailure,
  TargetStatusFault,
  undecodableResponse,
  unresolvedVariable,
} from './target-faults.ts';
import { copiedParts, retainedHeaders, targetPath } from './target-request.ts';
import { announceUrl, overridingUrl, textOf } from './target-url-variables.ts';

const targetHeaderHost = variableReference('target.header.host');
const expectedCn = variableReference('target.expectedcn');

/** Compiles an HTTPTargetConnection of a target endpoint, or of a route rule's URL. */
export function compileHttpTarget(
  node: HttpTargetConnectionNode,
  { report, environment, services }: CompileContext,
  eventFlow?: EventFlow,
): TargetCall {
  const connection = compileHttpConnection(node, {
    report,
    environment,
    transport: services.transport,
  });
  const authentication = compileAuthentication(node.authentication, services.tokens);
  const { properties } = connection;

  const outgoingCall = (
    transaction: ProxyTransaction,
    request: Message,
    body: CodedBody,
    coming: AsyncIterable<Uint8Array> | undefined,
  ): ConnectionCall => {
    const overriding = overridingUrl(transaction);
    const prepare = preparation(transaction, request, connection, authentication, body, {
      bodyIs: coming === undefined ? 'whole' : 'coming',
      addressIs: overriding === undefined ? 'configured' : 'overridden',
    });
    return {
      flow: transaction,
      address: connection.address(transaction, unresolvedVariable, overriding),
      onUnresolved: unresolvedVariable,
      expectedCommonName: textOf(transaction, expectedCn),
      prepare,
      deadline: transaction.deadline,
      onServerFailure: (name) => transaction.target?.failedServers.push(name),
    };
  };

  const prepared = (transaction: ProxyTransaction): Outgoing | Promise<Outgoing> => {
    const { bodies, streaming, variables } = transaction;
    const request = variables.message('request') ?? new Message('request');
    const streams = properties.streaming;
    const isSentAsItComes = streams.request && streaming.request && bodies.has(request);
    const outgoing = (body: CodedBody): Outgoing => {
      const coming = bodies.release(request);
      const isPassedOn = streams.response && streaming.response && request.verb !== 'HEAD';
      return { call: outgoingCall(transaction, request, body, coming), coming, isPassedOn };
    };
    const coded = (): Outgoing | Promise<Outgoing> => {
      const body = codedBody(transaction, request, properties.compression);
      return body instanceof Promise ? body.then(outgoing) : outgoing(body);
    };
    const isTakenIn = !isSentAsItComes || properties.compression !== 'as-received';
    const pending = isTakenIn ? bodies.takeIn() : undefined;
    return pending === undefined ? coded() : pending.then(coded);
  };

  const exchanged = (
    transaction: ProxyTransaction,
    { call, coming, isPassedOn }: Outgoing,
    failed: (error: unknown) => never,
  ): Promise<Message> =>
    coming === undefined && !isPassedOn && eventFlow === undefined
      ? connection.send(call).then((response) => received(transaction, response), failed)
      : streamed(transaction, call, coming, isPassedOn).catch(failed);

  const received = (transaction: ProxyTransaction, response: IncomingResponse): Message => {
    noteResponse(transaction, response);
    const message = keepResponse(transaction, response, properties.retainedResponseHeaders);
    transaction.recorder?.message(transaction, 'response-received', message);
    return message;
  };

  const streamed = async (
    transaction: ProxyTransaction,
    call: ConnectionCall,
    coming: AsyncIterable<Uint8Array> | undefined,
    isPassedOn: boolean,
  ): Promise<Message> => {
    const response = await connection.stream(call, coming);
    noteResponse(transaction, response);
    const isSuccess = properties.successCodes(response.status);
    const events = isSuccess && eventFlow?.matches(response) === true ? eventFlow : undefined;
    const message = keepStreamed(transaction, response, properties, events);
    // Fault rules may look at the body of what counts as an error.
    if (!isPassedOn || !isSuccess) await transaction.bodies.takeIn();
    transaction.recorder?.message(transaction, 'response-received', message);
    return message;
  };

  return {
    announce(transaction) {
      announceUrl(transaction, connection);
    },
    send(transaction) {
      const failed = (error: unknown): never => {
        throw isOutOfTime(transaction, error) ? apiTimedOut() : targetFailure(error);
      };
      try {
        const outgoing = prepared(transaction);
        return outgoing instanceof Promise
          ? outgoing.then((call) => exchanged(transaction, call, failed), failed)
          : exchanged(transaction, outgoing, failed);
      } catch (error) {
        return failed(error);
      }
    },
    checkStatus(response) {
      const status = response.statusCode ?? 200;
      const lacksAllow = status === 405 && !response.headers.has('allow');
      if (lacksAllow && properties.allowHeaderFor405 === 'required')
        throw methodNotAllowedWithoutAllow();
      if (!properties.successCodes(status)) throw new TargetStatusFault(status);
    },
    watch: (host) => connection.watch(host),
  };
}

/** A call that is ready to be made. */
interface Outgoing {
  readonly call: ConnectionCall;
  /** The body that is sent while it is still coming. */
  readonly coming: AsyncIterable<Uint8Array> | undefined;
  /** Whether the response's body goes on to the client while it is still coming. */
  readonly isPassedOn: boolean;
}

/** Milliseconds by which a timer may be early, as the clock sees it. */
const timerTolerance = 10;

/** Whether a call ended because `api.timeout` did, which is another fault than a slow target. */
function isOutOfTime({ deadline, host }: ProxyTransaction, error: unknown): boolean {
  if (deadline === undefined || !(error instanceof TransportError)) return false;
  const { kind } = error;
  if (kind !== 'idle-timeout' && kind !== 'connect-timeout' && kind !== 'aborted') return false;
  return host.clock.nanoseconds() >= deadline - timerTolerance * 1e6;
}

function keepStreamed(
  transaction: ProxyTransaction,
  response: StreamedResponse,
  { retainedResponseHeaders, limits }: ConnectionProperties,
  events: EventFlow | undefined,
): Message {
  const head = { ...response, body: new Uint8Array() };
  const message = keepResponse(transaction, head, retainedResponseHeaders);
  const limit = limits.responseBody;
  transaction.bodies.add({
    message,
    kind: events === undefined ? 'body' : 'events',
    chunks: events?.events(transaction, response.body, limit) ?? response.body,
    limit,
    fault: responseBodyFault,
    keep(compressed) {
      if (compressed === 'undecodable') throw undecodableResponse();
      transaction.compressedResponse = compressed;
    },
  });
  return message;
}

function preparation(
  transaction: ProxyTransaction,
  request: Message,
  { properties }: HttpConnection,
  authentication: Authentication | undefined,
  { bytes, coding }: CodedBody,
  {
    bodyIs,
    addressIs,
  }: { readonly bodyIs: 'whole' | 'coming'; readonly addressIs: 'configured' | 'overridden' },
): (destination: Destination) => PreparedRequest | Promise<PreparedRequest> {
  const { variables, proxy } = transaction;
  const method = request.verb ?? 'GET';
  const body = bytes.byteLength === 0 ? null : bytes;
  if (
    bodyIs === 'whole' &&
    body === null &&
    properties.needsLength.has(method) &&
    !announcesBody(request)
  )
    throw lengthRequired();
  const kept = without(
    retainedHeaders(request.headers.lines(), properties.retainedRequestHeaders),
    'host',
  );
  const lines = coding === 'as-promised' ? kept : withCoding(kept, coding);
  const copied =
    addressIs === 'overridden'
      ? { path: '', query: '' }
      : copiedParts(variables, {
          pathSuffix: proxy.pathSuffix,
          query: retainedQuery(request, properties.retainedQueryParams),
        });
  const hostOverride = textOf(transaction, targetHeaderHost);

  return (destination) => {
    if (destination.path === '' && destination.query !== '' && copied.path === '') throw badPath();
    const { path, query } = targetPath(destination, copied);
    const target = query === '' ? path : `${path}?${query}`;
    const host = hostOverride ?? hostHeader(destination.origin);
    noteDestination(transaction, destination);
    describeSent(request, destination, path, query);
    recordSent(transaction, request, host);
    const headers: readonly HeaderLine[] = [['Host', host], ...lines];
    const prepared: PreparedRequest = { method, target, headers, body };
    return authentication === undefined
      ? prepared
      : withToken(prepared, authentication, transaction, destination);
  };
}

/** The target gets its own host, and `request` keeps the client's. */
function recordSent(transaction: ProxyTransaction, request: Message, host: string): void {
  if (transaction.recorder === undefined) return;
  const sent = request.clone();
  sent.headers.set('Host', host);
  transaction.recorder.message(transaction, 'request-sent', sent);
}

interface CodedBody {
  readonly bytes: Uint8Array;
  /** Undefined is none; the message's own header tells it where nobody asked for another. */
  readonly coding: Coding | 'as-promised' | undefined;
}

function codedBody(
  { compressedRequest }: ProxyTransaction,
  request: Message,
  compression: ConnectionProperties['compression'],
): CodedBody | Promise<CodedBody> {
  // What came compressed and could not be read is nothing to code anew.
  const isPlain = compressedRequest !== undefined || !request.headers.has('content-encoding');
  if (compression === 'as-received' || !request.hasBody || !isPlain) {
    const body = bodyToSend(request, compressedRequest);
    return body instanceof Promise
      ? body.then((bytes) => ({ bytes, coding: 'as-promised' }))
      : { bytes: body, coding: 'as-promised' };
  }
  return compression === 'none'
    ? { bytes: request.bytes, coding: undefined }
    : encodeBody(request.bytes, compression).then((bytes) => ({ bytes, coding: compression }));
}

function withCoding(
  lines: readonly HeaderLine[],
  coding: Coding | undefined,
): readonly HeaderLine[] {
  const others = without(lines, 'content-encoding');
  return coding === undefined ? others : [...others, ['Content-Encoding', coding]];
}

/** An empty body that the client, or a policy, said would be empty is none that is missing. */
function announcesBody({ headers }: Message): boolean {
  return headers.has('content-length') || headers.has('transfer-encoding');
}

async function withToken(
  prepared: PreparedRequest,
  authentication: Authentication,
  transaction: ProxyTransaction,
  { baseUrl }: Destination,
): Promise<PreparedRequest> {
  const name = authentication.headerName(transaction);
  const value = await authentication.value(transaction, baseUrl);
  return {
    ...prepared,
    headers: [...without(prepared.headers, name.toLowerCase()), [name, value]],
  };
}

function without(lines: readonly HeaderLine[], name: string): readonly HeaderLine[] {
  return lines.filter(
    ([lineName]) => lineName.length !== name.length || lineName.toLowerCase() !== name,
  );
}

/** The query that goes on: byte for byte where all of it does. */
function retainedQuery({ query }: Message, retention: Retention): string {
  if (retention === 'all') return query.text();
  return query
    .list()
    .filter(({ name }) => retention.has(name))
    .map(({ name, value }) => `${encodeQueryText(name)}=${encodeQueryText(value)}`)
    .join('&');
}

function noteDestination(transaction: ProxyTransaction, { origin, server }: Destination): void {
  const { target, host } = transaction;
  if (target === null) return;
  target.host = origin.host;
  target.port = origin.port;
  target.scheme = origin.scheme;
  target.sentStart ??= host.clock.now();
  target.sentEnd = host.clock.now();
  if (server !== undefined) {
    target.server = server.name;
    target.isFallback = server.isFallback;
  }
}

function noteResponse({ target, host }: ProxyTransaction, { startedAt, peer }: ResponseHead): void {
  if (target === null) return;
  target.receivedEnd = host.clock.now();
  target.receivedStart = startedAt ?? target.receivedEnd;
  target.peer = peer;
}

/** From here on `request.path`, `.uri` and `.url` describe what the target gets. */
function describeSent(
  request: Message,
  { origin }: Destination,
  path: string,
  query: string,
): void {
  request.path = path;
  if (request.query.text() !== query) request.query.replaceText(query);
  const host = hostHeader({ ...origin, port: origin.scheme === 'http' ? 80 : 443 });
  request.url = `${origin.scheme}://${host}${request.uri}`;
}
