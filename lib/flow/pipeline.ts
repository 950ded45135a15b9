import { Fault } from '../fault/fault.ts';
import { Message } from '../message/message.ts';
import { enterErrorState, setFaultVariables } from '../variables/fault-variables.ts';
import { standardReason } from '../variables/fault-response.ts';
import type { ClientResponse } from './client-request.ts';
import type { CompiledProxyEndpoint } from './compiled-endpoints.ts';
import type { TransactionPart } from './compiled-steps.ts';
import { bodyToSend } from './content-encoding.ts';
import { faultState } from './flow-state.ts';
import type { FlowHooks } from './flow-hooks.ts';
import type { ProxyTransaction } from './proxy-transaction.ts';
import { sequence } from './sequence.ts';
import { TargetStatusFault } from './target-faults.ts';
import { Diversion } from './transaction-passage.ts';
import { compileWayToTarget, resume, settled, type Targets } from './way-to-target.ts';

/** Everything that one proxy endpoint's transactions run through. */
export interface PipelineInit {
  readonly endpoint: CompiledProxyEndpoint;
  readonly targets: Targets;
  readonly hooks: FlowHooks;
}

/** Rejects only for a mistake of this program. */
export type Pipeline = (transaction: ProxyTransaction) => Promise<ClientResponse>;

/**
 * Compiles the way of a transaction from the client's request to its response: hook, proxy request, route,
 * hook, target request, call, target response, hook, proxy response, hook ("API proxy configuration
 * reference"). A fault ends the pass where it is and goes to the fault rules of the endpoint where it arose.
 *
 * Most transactions wait for nothing but their target, so the passes are sequences: they run through at
 * once where nothing waits, and cost one promise where something does.
 */
export function compilePipeline({ endpoint, targets, hooks }: PipelineInit): Pipeline {
  const wayToTarget = compileWayToTarget(endpoint, targets, hooks);
  const response = sequence<ProxyTransaction>([
    (transaction) => {
      transaction.faults = endpoint.faults;
      transaction.endpoint = 'proxy';
      transaction.variables.phase = 'response';
      transaction.enter('PROXY_RESP_FLOW');
    },
    endpoint.response,
    settled,
  ]);
  const lastHook = sequence<ProxyTransaction>([hooks.PostProxyFlowHook, settled]);
  return async (transaction) => {
    try {
      try {
        const pending = wayToTarget(transaction);
        if (pending !== undefined) await pending;
      } catch (error) {
        if (!(error instanceof Diversion)) throw error;
        await resume(error, endpoint, targets, hooks, transaction);
      }
      const pending = response(transaction);
      if (pending !== undefined) await pending;
    } catch (error) {
      await handleFault(error, transaction);
      transaction.enter('RESP_SENT');
      await afterFault(lastHook, transaction);
      return clientResponse(transaction);
    }
    transaction.enter('RESP_SENT');
    try {
      const pending = lastHook(transaction);
      if (pending !== undefined) await pending;
    } catch (error) {
      // The hook has had its turn.
      await handleFault(error, transaction);
    }
    return clientResponse(transaction);
  };
}

async function handleFault(error: unknown, transaction: ProxyTransaction): Promise<void> {
  if (!(error instanceof Fault)) throw error;
  const { variables, state, faults } = transaction;
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
  if (transaction.asked?.fails(error) !== 'as-it-is') await faults(transaction);
}

/** Without a fault rule that changes it, the client gets the target's response as it is. */
function passOnResponse({ variables }: ProxyTransaction): void {
  const response = variables.message('response');
  if (response !== undefined) variables.seed('error', response.clone());
}

/** The last hook also runs for errors; a fault of its own takes the place of the one before. */
async function afterFault(hook: TransactionPart, transaction: ProxyTransaction): Promise<void> {
  try {
    await hook(transaction);
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
  message.reasonPhrase ??= standardReason(status) ?? '';
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
  { postClient }: CompiledProxyEndpoint,
  transaction: ProxyTransaction,
): void | Promise<void> {
  transaction.enter('END');
  if (postClient !== undefined) return afterClient(postClient, transaction);
}

async function afterClient(flow: TransactionPart, transaction: ProxyTransaction): Promise<void> {
  transaction.enter('PROXY_POST_RESP_SENT');
  try {
    await flow(transaction);
    await settled(transaction);
  } catch (error) {
    transaction.host.log.warn(
      { proxy: transaction.proxy.name, error },
      'The PostClientFlow failed',
    );
  }
}
