import type { FlowHook, FlowHookPoint } from '../host/environment.ts';
import { Fault } from '../fault/fault.ts';
import { leaveErrorState } from '../variables/fault-variables.ts';
import type { TransactionPart } from './compiled-steps.ts';
import type { ProxyTransaction } from './proxy-transaction.ts';
import { runSharedFlow, sharedFlowNotFound, type DeployedSharedFlow } from './shared-flows.ts';

export type FlowHooks = Readonly<Record<FlowHookPoint, TransactionPart>>;

/**
 * Compiles the flow hooks of an environment ("Attaching a shared flow using a flow hook"). Shared flows are
 * looked up when a hook runs, since they may be deployed later.
 */
export function compileFlowHooks(
  hooks: ReadonlyMap<FlowHookPoint, FlowHook>,
  find: (name: string) => DeployedSharedFlow | undefined,
): FlowHooks {
  return {
    PreProxyFlowHook: compileHook(hooks.get('PreProxyFlowHook'), find),
    PreTargetFlowHook: compileHook(hooks.get('PreTargetFlowHook'), find),
    PostTargetFlowHook: compileHook(hooks.get('PostTargetFlowHook'), find),
    PostProxyFlowHook: compileHook(hooks.get('PostProxyFlowHook'), find),
  };
}

const nothing: TransactionPart = () => undefined;

function compileHook(
  hook: FlowHook | undefined,
  find: (name: string) => DeployedSharedFlow | undefined,
): TransactionPart {
  if (hook === undefined) return nothing;
  const { sharedFlow, continueOnError } = hook;
  const run = (transaction: ProxyTransaction): void | Promise<void> => {
    const flow = find(sharedFlow);
    if (flow === undefined) throw sharedFlowNotFound(sharedFlow);
    return runSharedFlow(flow, transaction);
  };
  return continueOnError ? carryingOn(run, sharedFlow) : run;
}

/** A fault in such a hook is told the operator, and the transaction leaves its error state again. */
function carryingOn(run: TransactionPart, name: string): TransactionPart {
  return (transaction) => {
    const { phase } = transaction.variables;
    const goOn = (error: unknown): void => {
      if (!(error instanceof Fault)) throw error;
      transaction.host.log.warn(
        { sharedFlow: name, error },
        'A flow hook failed and was passed over',
      );
      leaveErrorState(transaction.variables, phase);
    };
    try {
      return run(transaction)?.catch(goOn);
    } catch (error) {
      goOn(error);
      return undefined;
    }
  };
}
