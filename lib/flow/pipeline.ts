import { STATUS_CODES } from 'node:http';
import { Fault } from '../fault/fault.ts';
import { Message } from '../message/message.ts';
import { enterErrorState, setFaultVariables } from '../variables/fault-variables.ts';
import { checkTime } from './api-timeout.ts';
import type { ClientResponse } from './client-request.ts';
import type { CompiledProxyEndpoint, CompiledTargetEndpoint } from './compiled-endpoints.ts';
import type { TransactionPart } from './compiled-steps.ts';
import { bodyToSend, decompress } from './content-encoding.ts';
import type { FaultHandler } from './fault-handling.ts';
import type { FlowHooks } from './flow-hooks.ts';
import { tooBigRequestBody } from './message-faults.ts';
import { echo } from './null-route.ts';
import type { ProxyTransaction } from './proxy-transaction.ts';
import type { Route } from './routes.ts';
import type { TargetCall } from './target-call.ts';
import { Diversion } from './transaction-passage.ts';
import { targetMissing, TargetStatusFault } from './target-faults.ts';

/** Everything that one proxy endpoint's transactions run through. */
export interface Pipeline {
  readonly endpoint: CompiledProxyEndpoint;
  readonly targets: ReadonlyMap<string, CompiledTargetEndpoint>;
  readonly hooks: FlowHooks;
}

/*
 * Most transactions wait only for their target, so nothing here awaits what is there at once: each await
 * costs a turn of the event loop's queue, and a promise.
 */

/**
 * Runs one transaction from the client's request to its response: hook, proxy request, route, hook, target
 * request, call, target response, hook, proxy response, hook ("API proxy configuration reference"). A
 * fault ends the pass where it is and goes to the fault rules of the endpoint where it arose.
 */
export async function runPipeline(
  pipeline: Pipeline,
  transaction: ProxyTransaction,
): Promise<ClientResponse> {
  const { endpoint, hooks } = pipeline;
  const place: FaultPlace = { handler: endpoint.faults };
  try {
    await runPasses(pipeline, transaction, place);
  } catch (error) {
    await handleFault(error, transaction, place);
    transaction.enter('RESP_SENT');
    await afterFault(hooks, transaction);
    return clientResponse(transaction);
  }
  transaction.enter('RESP_SENT');
  try {
    const pending = hooks.PostProxyFlowHook(transaction);
    if (pending !== undefined) await pending;
  } catch (error) {
    // The hook has had its turn.
    await handleFault(error, transaction, place);
  }
  return clientResponse(transaction);
}

/** The endpoint that a fault belongs to if it arises now. */
interface FaultPlace {
  handler: FaultHandler;
}

async function runPasses(
  pipeline: Pipeline,
  transaction: ProxyTransaction,
  place: FaultPlace,
): Promise<void> {
  const { variables } = transaction;
  const { endpoint } = pipeline;
  try {
    await runToTarget(pipeline, transaction, place);
  } catch (error) {
    if (!(error instanceof Diversion)) throw error;
    await resume(error, pipeline, transaction, place);
  }

  place.handler = endpoint.faults;
  transaction.endpoint = 'proxy';
  variables.phase = 'response';
  transaction.enter('PROXY_RESP_FLOW');
  await passed(endpoint.response, transaction);
}

/** From the client's request to the target's response, the target's own response flows included. */
async function runToTarget(
  { endpoint, targets, hooks }: Pipeline,
  transaction: ProxyTransaction,
  place: FaultPlace,
): Promise<void> {
  transaction.enter('REQ_HEADERS_PARSED');
  transaction.enter('PROXY_REQ_FLOW');
  const received = receive(transaction, endpoint.requestLimit);
  if (received !== undefined) await received;
  const hooked = hooks.PreProxyFlowHook(transaction);
  if (hooked !== undefined) await hooked;
  const pending = passed(endpoint.request, transaction);
  if (pending !== undefined) await pending;
  checkTime(transaction);

  const chosen = chooseRoute(endpoint, transaction);
  const route = chosen instanceof Promise ? await chosen : chosen;
  await callRoute(route, targets, hooks, transaction, place);
}

/** Runs a pass through an endpoint, and what its policies have the pass wait for. */
function passed(pass: TransactionPart, transaction: ProxyTransaction): void | Promise<void> {
  const pending = pass(transaction);
  return pending === undefined
    ? transaction.asked?.settled()
    : pending.then(() => transaction.asked?.settled());
}

function chooseRoute(
  { route: choose }: CompiledProxyEndpoint,
  transaction: ProxyTransaction,
): Route | Promise<Route> {
  const chosen = choose(transaction);
  const keep = (route: Route): Route => {
    transaction.route = { name: route.name, target: route.kind === 'target' ? route.target : null };
    return route;
  };
  return chosen instanceof Promise ? chosen.then(keep) : keep(chosen);
}

/**
 * Goes on in the response after a policy has answered the request itself. A step that it wants to go on
 * with is looked for in the proxy endpoint and in the target endpoint that the request was meant for.
 */
async function resume(
  { place: resumePlace }: Diversion,
  { endpoint, targets }: Pipeline,
  transaction: ProxyTransaction,
  place: FaultPlace,
): Promise<void> {
  transaction.asked?.abandon();
  if (resumePlace.kind === 'proxy-response') return;
  const { policy } = resumePlace;
  if (endpoint.responsePolicies.has(policy)) {
    transaction.passage.resumesAt = policy;
    return;
  }
  const name = transaction.target?.name ?? (await targetOf(endpoint, transaction));
  const target = name === undefined ? undefined : targets.get(name);
  if (target?.responsePolicies.has(policy) !== true) return;
  transaction.passage.resumesAt = policy;
  transaction.target ??= { name: target.name, basePath: '', failedServers: [] };
  transaction.endpoint = 'target';
  place.handler = target.faults;
  transaction.variables.phase = 'response';
  transaction.enter('TARGET_RESP_FLOW');
  await target.response(transaction);
  transaction.passage.resumesAt = undefined;
}

async function targetOf(
  endpoint: CompiledProxyEndpoint,
  transaction: ProxyTransaction,
): Promise<string | undefined> {
  const route = await chooseRoute(endpoint, transaction);
  return route.kind === 'target' ? route.target : undefined;
}

/** A body that cannot be taken in is the proxy's fault, for its rules to handle. */
function receive(transaction: ProxyTransaction, limit: number): void | Promise<void> {
  const message = transaction.variables.message('request');
  if (message === undefined) return;
  transaction.recorder?.message(transaction, 'request-received', message);
  if (message.bytes.byteLength > limit) throw tooBigRequestBody(undefined);
  const compressed = decompress(message, limit);
  if (compressed instanceof Promise) {
    return compressed.then((body) => {
      transaction.compressedRequest = body;
    });
  }
  transaction.compressedRequest = compressed;
}

async function callRoute(
  route: Route,
  targets: ReadonlyMap<string, CompiledTargetEndpoint>,
  hooks: FlowHooks,
  transaction: ProxyTransaction,
  place: FaultPlace,
): Promise<void> {
  switch (route.kind) {
    case 'none':
      await transaction.bodies.takeIn();
      echo(transaction);
      return;
    case 'direct': {
      transaction.enter('TARGET_REQ_FLOW');
      await hooks.PreTargetFlowHook(transaction);
      const response = await route.call.send(atTarget(transaction));
      answered(transaction);
      await hooks.PostTargetFlowHook(transaction);
      route.call.checkStatus(response);
      return;
    }
    case 'target': {
      const target = targets.get(route.target);
      if (target === undefined) throw targetMissing(route.target);
      place.handler = target.faults;
      await callTarget(target, hooks, transaction);
    }
  }
}

async function callTarget(
  target: CompiledTargetEndpoint,
  hooks: FlowHooks,
  transaction: ProxyTransaction,
): Promise<void> {
  transaction.target = { name: target.name, basePath: '', failedServers: [] };
  target.call.announce(transaction);
  transaction.endpoint = 'target';
  transaction.enter('TARGET_REQ_FLOW');
  const hooked = hooks.PreTargetFlowHook(transaction);
  if (hooked !== undefined) await hooked;
  const requested = passed(target.request, transaction);
  if (requested !== undefined) await requested;
  checkTime(transaction);

  const response = await target.call.send(atTarget(transaction));
  answered(transaction);
  // A status that counts as an error skips the flows, but not the hook: loggers rely on it.
  const error = statusFault(target.call, response);
  const responded =
    error === undefined ? passed(target.response, transaction) : transaction.asked?.settled();
  if (responded !== undefined) await responded;
  const posthooked = hooks.PostTargetFlowHook(transaction);
  if (posthooked !== undefined) await posthooked;
  if (error !== undefined) throw error;
}

function atTarget(transaction: ProxyTransaction): ProxyTransaction {
  transaction.enter('REQ_SENT');
  return transaction;
}

function answered(transaction: ProxyTransaction): void {
  checkTime(transaction);
  transaction.enter('RESP_START');
  transaction.variables.phase = 'response';
  transaction.enter('TARGET_RESP_FLOW');
}

function statusFault(target: TargetCall, response: Message): Fault | undefined {
  try {
    target.checkStatus(response);
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

async function handleFault(
  error: unknown,
  transaction: ProxyTransaction,
  { handler }: FaultPlace,
): Promise<void> {
  if (!(error instanceof Fault)) throw error;
  const { variables, state } = transaction;
  // Time that is up ends a transaction once; its fault rules run to their end.
  transaction.deadline = undefined;
  // A policy's own fault has put the transaction into its error state already.
  if (variables.phase !== 'error') {
    setFaultVariables(variables, error, 'Messaging');
    variables.set('fault.category', 'Messaging');
    enterErrorState(variables, error);
    if (error instanceof TargetStatusFault) passOnResponse(transaction);
  }
  variables.set('error.state', state);
  transaction.enter('ERROR');
  transaction.recorder?.raisedFault(transaction, error);
  await handler(transaction);
}

/** Without a fault rule that changes it, the client gets the target's response as it is. */
function passOnResponse({ variables }: ProxyTransaction): void {
  const response = variables.message('response');
  if (response !== undefined) variables.seed('error', response.clone());
}

/** The last hook also runs for errors; a fault of its own takes the place of the one before. */
async function afterFault(hooks: FlowHooks, transaction: ProxyTransaction): Promise<void> {
  try {
    await hooks.PostProxyFlowHook(transaction);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    transaction.recorder?.raisedFault(transaction, error);
  }
}

function clientResponse(transaction: ProxyTransaction): ClientResponse | Promise<ClientResponse> {
  const { variables } = transaction;
  transaction.deadline = undefined;
  const message = variables.message('message') ?? new Message('response');
  message.statusCode ??= 200;
  const status = message.statusCode;
  message.reasonPhrase ??= STATUS_CODES[status] ?? '';
  transaction.asked?.change(message);
  transaction.recorder?.message(transaction, 'response-sent', message);
  const streamed = transaction.bodies.release(message);
  transaction.bodies.cancel();
  const { reasonPhrase: reason } = message;
  const headers = message.headers.lines();
  const body = streamed ?? bodyToSend(message, transaction.compressedResponse);
  return body instanceof Promise
    ? body.then((encoded) => ({ status, reason, headers, body: encoded }))
    : { status, reason, headers, body };
}

/**
 * Runs the PostClientFlow, after the response has left. Nothing in it changes what the client got; a
 * fault is told the operator only.
 */
export function runPostClientFlow(
  { endpoint }: Pipeline,
  transaction: ProxyTransaction,
): void | Promise<void> {
  transaction.enter('END');
  if (endpoint.postClient !== undefined) return afterClient(endpoint.postClient, transaction);
}

async function afterClient(flow: TransactionPart, transaction: ProxyTransaction): Promise<void> {
  transaction.enter('PROXY_POST_RESP_SENT');
  try {
    await flow(transaction);
  } catch (error) {
    transaction.host.log.warn(
      { proxy: transaction.proxy.name, error },
      'The PostClientFlow failed',
    );
  }
}
