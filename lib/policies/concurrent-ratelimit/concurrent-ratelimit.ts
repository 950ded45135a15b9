import { diagnosticAt } from '../../diagnostic/diagnostic.ts';
import { ignored } from '../../xml/grammar/element.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';
import type { PolicyType } from '../policy-type.ts';

const grammar = policyElement(
  'Decommissioned: it limited connections to a target, and does nothing.',
  {
    old: ignored(
      ['AllowConnections', 'Distributed', 'StrictOnTtl', 'TargetIdentifier'],
      'Read for old bundles; not used.',
    ),
  },
);

export type ConcurrentRatelimitPolicy = PolicyNode<'ConcurrentRatelimit', typeof grammar>;

/** ConcurrentRatelimit: Apigee has taken it out of service; old bundles still hold it. */
export const concurrentRatelimit: PolicyType<ConcurrentRatelimitPolicy> = {
  type: 'ConcurrentRatelimit',
  grammar,
  variablePrefix: 'concurrentratelimit',
  support: 'decommissioned by Apigee: a warning, and no effect',
  touchesPayload: () => false,
  check({ name, location }, report) {
    report(
      diagnosticAt(
        location,
        'warning',
        'decommissioned-policy',
        `ConcurrentRatelimit[${name}]: Apigee has decommissioned this policy; it does nothing.`,
        'Remove it; limit traffic with SpikeArrest.',
      ),
    );
  },
  compile: () => () => undefined,
};
