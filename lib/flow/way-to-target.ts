import { TransportError } from '../connection/transport.ts';
import { Fault } from '../fault/fault.ts';
import type { Message } from '../message/message.ts';
import { checkTime } from './api-timeout.ts';
import type { CompiledProxyEndpoint, CompiledTargetEndpoint } from './compiled-endpoints.ts';
import type { TransactionPart } from './compiled-steps.ts';
import { decompress } from './content-encoding.ts';
import type { FlowHooks } from './flow-hooks.ts';
import { tooBigRequestBody } from './message-faults.ts';
import { echo } from './null-route.ts';
import type { ProxyTransaction } from './proxy-transaction.ts';
import type { Route } from './routes.ts';
import { sequence } from './sequence.ts';
import type { TargetCall } from './target-call.ts';
import { targetMissing } from './target-faults.ts';
import type { Diversion } from './transaction-passage.ts';

export type Targets = ReadonlyMap<string, CompiledTargetEndpoint>;

/**
 * Compiles a transaction's way from the client's request to the target's response, the target's own
 * response flows included. A policy may leave it early.
 *
 * @throws {Diversion} the way does, where a policy has answered the request itself
 */
export function compileWayToTarget(
  endpoint: CompiledProxyEndpoint,
  targets: Targets,
  hooks: FlowHooks,
): TransactionPart {
  const ways = new Map(
    [...targets].map(([name, target]) => [name, compileTargetPass(target, hooks)]),
  );
  // The calls of route rules are compiled once, and so are their passes.
  const direct = new Map<TargetCall, TransactionPart>();
  const directPass = (call: TargetCall): TransactionPart => {
    const known = direct.get(call) ?? compileDirectPass(call, hooks);
    direct.set(call, known);
    return known;
  };
  const follow = (route: Route, transaction: ProxyTransaction): void | Promise<void> => {
    keepRoute(route, transaction);
    switch (route.kind) {
      case 'none':
        return echoed(transaction);
      case 'direct':
        return directPass(route.call)(transaction);
      case 'target': {
        const way = ways.get(route.target);
        if (way === undefined) throw targetMissing(route.target);
        return way(transaction);
      }
    }
  };
  return sequence<ProxyTransaction>([
    (transaction) => {
      transaction.enter('REQ_HEADERS_PARSED');
      transaction.enter('PROXY_REQ_FLOW');
      return receive(transaction, endpoint.requestLimit);
    },
    hooks.PreProxyFlowHook,
    endpoint.request,
    settled,
    checkTime,
    (transaction) => {
      const route = endpoint.route(transaction);
      return route instanceof Promise
        ? route.then((chosen) => follow(chosen, transaction))
        : follow(route, transaction);
    },
  ]);
}

function compileTargetPass(target: CompiledTargetEndpoint, hooks: FlowHooks): TransactionPart {
  const { name, faults, call } = target;
  return sequence<ProxyTransaction>([
    (transaction) => {
      transaction.faults = faults;
      transaction.target = { name, basePath: '', failedServers: [] };
      call.announce(transaction);
      transaction.endpoint = 'target';
      transaction.enter('TARGET_REQ_FLOW');
    },
    hooks.PreTargetFlowHook,
    target.request,
    settled,
    checkTime,
    exchangeWith(call),
    // A status that counts as an error skips the flows, but not the hook: loggers rely on it.
    (transaction) => (transaction.refusal === undefined ? target.response(transaction) : undefined),
    settled,
    hooks.PostTargetFlowHook,
    raiseRefusal,
  ]);
}

/** A rule with a URL of its own has no target endpoint, and so none of its flows. */
function compileDirectPass(call: TargetCall, hooks: FlowHooks): TransactionPart {
  return sequence<ProxyTransaction>([
    (transaction) => {
      transaction.enter('TARGET_REQ_FLOW');
    },
    hooks.PreTargetFlowHook,
    settled,
    exchangeWith(call),
    hooks.PostTargetFlowHook,
    raiseRefusal,
  ]);
}

function exchangeWith(call: TargetCall): TransactionPart {
  return (transaction) => {
    transaction.enter('REQ_SENT');
    return call.send(transaction).then((response) => {
      checkTime(transaction);
      transaction.enter('RESP_START');
      transaction.variables.phase = 'response';
      transaction.enter('TARGET_RESP_FLOW');
      transaction.refusal = statusFault(call, response);
    });
  };
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

function raiseRefusal({ refusal }: ProxyTransaction): void {
  if (refusal !== undefined) throw refusal;
}

/** What policies have a pass wait for before it ends. */
export function settled({ asked }: ProxyTransaction): void | Promise<void> {
  return asked?.settled();
}

function echoed(transaction: ProxyTransaction): void | Promise<void> {
  const pending = transaction.bodies.takeIn();
  if (pending !== undefined) {
    return pending.then(() => {
      echo(transaction);
    });
  }
  echo(transaction);
}

function keepRoute(route: Route, transaction: ProxyTransaction): void {
  transaction.route = { name: route.name, target: route.kind === 'target' ? route.target : null };
}

/** A body that cannot be taken in is the proxy's fault, for its rules to handle. */
function receive(transaction: ProxyTransaction, limit: number): void | Promise<void> {
  const message = transaction.variables.message('request');
  if (message === undefined) return;
  transaction.recorder?.message(transaction, 'request-received', message);
  if (transaction.bodyIs === 'too-big' || message.bytes.byteLength > limit)
    throw tooBigRequestBody(undefined);
  const compressed = decompress(message, limit);
  if (compressed instanceof Promise) {
    return compressed.then(
      (body) => {
        transaction.keepRequest(body);
      },
      (error: unknown) => {
        throw error instanceof TransportError ? tooBigRequestBody(error) : error;
      },
    );
  }
  transaction.compressedRequest = compressed;
}

/**
 * Goes on in the response after a policy has answered the request itself. A step that it wants to go on
 * with is looked for in the proxy endpoint and in the target endpoint that the request was meant for.
 */
export async function resume(
  { place }: Diversion,
  endpoint: CompiledProxyEndpoint,
  targets: Targets,
  hooks: FlowHooks,
  transaction: ProxyTransaction,
): Promise<void> {
  transaction.asked?.abandon();
  if (place.kind === 'proxy-response') return;
  const { policy } = place;
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
  transaction.faults = target.faults;
  transaction.variables.phase = 'response';
  transaction.enter('TARGET_RESP_FLOW');
  await target.response(transaction);
  await settled(transaction);
  await hooks.PostTargetFlowHook(transaction);
}

/** Where no rule applies there is no target whose response could go on. */
async function targetOf(
  endpoint: CompiledProxyEndpoint,
  transaction: ProxyTransaction,
): Promise<string | undefined> {
  try {
    const route = await endpoint.route(transaction);
    keepRoute(route, transaction);
    return route.kind === 'target' ? route.target : undefined;
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}
