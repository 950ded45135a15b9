import { accessEntity } from './access-entity/access-entity.ts';
import type { AccessEntityPolicy } from './access-entity/grammar.ts';
import { assignMessage } from './assign-message/assign-message.ts';
import type { AssignMessagePolicy } from './assign-message/grammar.ts';
import {
  concurrentRatelimit,
  type ConcurrentRatelimitPolicy,
} from './concurrent-ratelimit/concurrent-ratelimit.ts';
import { dataCapture } from './data-capture/data-capture.ts';
import type { DataCapturePolicy } from './data-capture/grammar.ts';
import { extractVariables } from './extract-variables/extract-variables.ts';
import type { ExtractVariablesPolicy } from './extract-variables/grammar.ts';
import { flowCallout } from './flow-callout/flow-callout.ts';
import type { FlowCalloutPolicy } from './flow-callout/grammar.ts';
import type { MessageLoggingPolicy } from './message-logging/grammar.ts';
import { messageLogging } from './message-logging/message-logging.ts';
import type { PolicyCore, PolicyType } from './policy-type.ts';
import type { PublishMessagePolicy } from './publish-message/grammar.ts';
import { publishMessage } from './publish-message/publish-message.ts';
import type { RaiseFaultPolicy } from './raise-fault/grammar.ts';
import { raiseFault } from './raise-fault/raise-fault.ts';
import type { ServiceCalloutPolicy } from './service-callout/grammar.ts';
import { serviceCallout } from './service-callout/service-callout.ts';
import type { StatisticsCollectorPolicy } from './statistics-collector/grammar.ts';
import { statisticsCollector } from './statistics-collector/statistics-collector.ts';
import { traceCapture, type TraceCapturePolicy } from './trace-capture/trace-capture.ts';

/** Every policy that runs. A new one is one line here and one in `Policy`. */
const policyTypes: readonly PolicyType<PolicyCore>[] = [
  accessEntity,
  assignMessage,
  concurrentRatelimit,
  dataCapture,
  extractVariables,
  flowCallout,
  messageLogging,
  publishMessage,
  raiseFault,
  serviceCallout,
  statisticsCollector,
  traceCapture,
];

/** The AST of a policy, discriminated by `type`. */
export type Policy =
  | AccessEntityPolicy
  | AssignMessagePolicy
  | ConcurrentRatelimitPolicy
  | DataCapturePolicy
  | ExtractVariablesPolicy
  | FlowCalloutPolicy
  | MessageLoggingPolicy
  | PublishMessagePolicy
  | RaiseFaultPolicy
  | ServiceCalloutPolicy
  | StatisticsCollectorPolicy
  | TraceCapturePolicy;

const byName = new Map(policyTypes.map((policyType) => [policyType.type, policyType]));

/** The policy type whose root element has this name. */
export function policyTypeNamed(name: string): PolicyType<PolicyCore> | undefined {
  return byName.get(name);
}

export function supportedPolicyTypes(): readonly PolicyType<PolicyCore>[] {
  return policyTypes;
}
