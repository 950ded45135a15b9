import {
  createRuntime,
  Fault,
  parsePolicy,
  type Flow,
  type FlowSeed,
  type Runtime,
  type RuntimeOptions,
} from '../../../lib/index.ts';
import type { ReceivedRequest } from '../../support/request-reader.ts';
import { startUpstream, type Answer } from '../../support/upstream.ts';

/** A service that answers for `http://up.test`, and a runtime that reaches it. */
export interface CalloutService {
  readonly runtime: Runtime;
  /** What arrived, in order; a test may empty it. */
  readonly calls: ReceivedRequest[];
  /** Runs a policy on a new flow. */
  readonly run: (policy: string, variables?: FlowSeed['variables']) => Promise<Outcome>;
  readonly close: () => Promise<void>;
}

export interface Outcome {
  readonly flow: Flow;
  readonly fault: Fault | undefined;
}

export async function startCalloutService(
  answers: readonly Answer[] = [{}],
  options: RuntimeOptions = {},
): Promise<CalloutService> {
  const calls: ReceivedRequest[] = [];
  const service = await startUpstream({
    answers,
    certificate: undefined,
    onCall: (call) => calls.push(call),
  });
  const runtime = createRuntime({ upstreams: { 'http://up.test': service.url }, ...options });
  return {
    runtime,
    calls,
    async run(policy, variables = {}) {
      const compiled = runtime.compile(parsePolicy(policy));
      const flow = runtime.newFlow({ variables });
      try {
        await compiled.run(flow);
        return { flow, fault: undefined };
      } catch (error) {
        if (error instanceof Fault) return { flow, fault: error };
        throw error;
      }
    },
    async close() {
      await runtime.close();
      await service.close();
    },
  };
}
