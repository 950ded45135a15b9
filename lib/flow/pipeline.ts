import { TransportError } from '../connection/transport.ts';
import { Fault } from '../fault/fault.ts';
import { Message } from '../message/message.ts';
import { enterErrorState, setFaultVariables } from '../variables/fault-variables.ts';
import { standardReason } from '../variables/fault-response.ts';
import { checkTime } from './api-timeout.ts';
import type { ClientResponse } from './client-request.ts';
import type { CompiledProxyEndpoint, CompiledTargetEndpoint } from './compiled-endpoints.ts';
import { bodyToSend, decompress } from './content-encoding.ts';
import type { FaultHandler } from './fault-handling.ts';
import { faultState } from './flow-state.ts';
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
    await hooks.PostProxyFlowHook(transaction);
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
  await endpoint.response(transaction);
  await transaction.asked?.settled();
}

/** From the client's request to the target's response, the target's own response flows included. */
async function runToTarget(
  { endpoint, targets, hooks }: Pipeline,
  transaction: ProxyTransaction,
  place: FaultPlace,
): Promise<void> {
  transaction.enter('REQ_HEADERS_PARSED');
  transaction.enter('PROXY_REQ_FLOW');
  await receive(transaction, endpoint.requestLimit);
  await hooks.PreProxyFlowHook(transaction);
  await endpoint.request(transaction);
  await transaction.asked?.settled();
  checkTime(transaction);

  const route = await chooseRoute(endpoint, transaction);
  await callRoute(route, targets, hooks, transaction, place);
}

async function chooseRoute(
  { route: choose }: CompiledProxyEndpoint,
  transaction: ProxyTransaction,
): Promise<Route> {
  const route = await choose(transaction);
  transaction.route = { name: route.name, target: route.kind === 'target' ? route.target : null };
  return route;
}

/**
 * Goes on in the response after a policy has answered the request itself. A step that it wants to go on
 * with is looked for in the proxy endpoint and in the target endpoint that the request was meant for.
 */
async function resume(
  { place: resumePlace }: Diversion,
  { endpoint, targets, hooks }: Pipeline,
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
  await transaction.asked?.settled();
  await hooks.PostTargetFlowHook(transaction);
}

async function targetOf(
  endpoint: CompiledProxyEndpoint,
  transaction: ProxyTransaction,
): Promise<string | undefined> {
  const route = await chooseRoute(endpoint, transaction);
  return route.kind === 'target' ? route.target : undefined;
}

/** A body that cannot be taken in is the proxy's fault, for its rules to handle. */
async function receive(transaction: ProxyTransaction, limit: number): Promise<void> {
  const message = transaction.variables.message('request');
  if (message === undefined) return;
  transaction.recorder?.message(transaction, 'request-received', message);
  if (transaction.bodyIs === 'too-big' || message.bytes.byteLength > limit)
    throw tooBigRequestBody(undefined);
  try {
    transaction.keepRequest(await decompress(message, limit));
  } catch (error) {
    throw error instanceof TransportError ? tooBigRequestBody(error) : error;
  }
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
      const response = await call(route.call, transaction);
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
  await hooks.PreTargetFlowHook(transaction);
  await target.request(transaction);
  await transaction.asked?.settled();
  checkTime(transaction);

  const response = await call(target.call, transaction);
  // A status that counts as an error skips the flows, but not the hook: loggers rely on it.
  const error = statusFault(target.call, response);
  if (error === undefined) await target.response(transaction);
  await transaction.asked?.settled();
  await hooks.PostTargetFlowHook(transaction);
  if (error !== undefined) throw error;
}

async function call(target: TargetCall, transaction: ProxyTransaction): Promise<Message> {
  transaction.enter('REQ_SENT');
  const response = await target.send(transaction);
  checkTime(transaction);
  transaction.enter('RESP_START');
  transaction.variables.phase = 'response';
  transaction.enter('TARGET_RESP_FLOW');
  return response;
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
  variables.set('error.state', faultState(state));
  transaction.enter('ERROR');
  transaction.recorder?.raisedFault(transaction, error);
  if (transaction.asked?.fails(error) !== 'as-it-is') await handler(transaction);
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

async function clientResponse(transaction: ProxyTransaction): Promise<ClientResponse> {
  const { variables } = transaction;
  transaction.deadline = undefined;
  const message = variables.message('message') ?? new Message('response');
  message.statusCode ??= 200;
  const status = message.statusCode;
  message.reasonPhrase ??= standardReason(status) ?? '';
  transaction.asked?.change(message);
  transaction.recorder?.message(transaction, 'response-sent', message);
  const streamed = transaction.bodies.release(message);
  transaction.bodies.cancel();
  return {
    status,
    reason: message.reasonPhrase,
    headers: message.headers.lines(),
    body: streamed ?? (await bodyToSend(message, transaction.compressedResponse)),
  };
}

/**
 * Runs the PostClientFlow, after the response has left. Nothing in it changes what the client got; a
 * fault is told the operator only.
 */
export async function runPostClientFlow(
  { endpoint }: Pipeline,
  transaction: ProxyTransaction,
): Promise<void> {
  transaction.enter('END');
  if (endpoint.postClient === undefined) return;
  transaction.enter('PROXY_POST_RESP_SENT');
  try {
    await endpoint.postClient(transaction);
  } catch (error) {
    transaction.host.log.warn(
      { proxy: transaction.proxy.name, error },
      'The PostClientFlow failed',
    );
  }
}
