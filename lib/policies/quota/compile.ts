import type { ChargeMode, Usage, Window } from '../../state/counters.ts';
import type { Flow } from '../../variables/flow.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import { afterwards } from '../rate-limiting/counting.ts';
import { compileIdentifier } from '../rate-limiting/identifier.ts';
import { compileMessageWeight } from '../rate-limiting/message-weight.ts';
import { compileQuotaCounter } from './counter.ts';
import { quotaViolation } from './faults.ts';
import type { QuotaPolicy } from './grammar.ts';
import { compileLimits } from './limits.ts';
import type { Period } from './period.ts';
import { compileWindow } from './quota-window.ts';
import { compileQuotaVariables } from './variables.ts';

/**
 * Compiles Quota. What is rejected uses nothing up, and what is shared is counted at once, also where
 * Apigee would count now and then: gateways together never let more through than the limit.
 */
export function compileQuota(policy: QuotaPolicy, { services }: CompileContext): Program {
  const limitsOf = compileLimits(policy);
  const windowOf = remembering(compileWindow(policy));
  const identifierOf = compileIdentifier(policy.identifier);
  const weightOf = compileMessageWeight(policy.messageWeight);
  const counter = compileQuotaCounter(policy, services.state.counters);
  const setVariables = compileQuotaVariables(policy.name);
  const mode = modeOf(policy);

  return (flow: Flow) => {
    const { limit, class: className, period } = limitsOf(flow);
    const weight = weightOf(flow);
    const identifier = identifierOf(flow);
    const id = counter.id(flow, identifier, className);
    const charge = { window: windowOf(period), weight, limit, mode };

    const finish = ({ allowed, used, end }: Usage): void => {
      setVariables(flow.variables, {
        identifier,
        class: className,
        limit: mode === 'count' ? undefined : limit,
        used,
        end,
        isExceeded: !allowed,
      });
      if (!allowed) throw quotaViolation(identifier);
    };
    return afterwards(
      counter.counting(flow, (store) => store.charge(id, charge)),
      finish,
    );
  };
}

/** Both flags together ask for what a Quota does without them. */
function modeOf({ countOnly, enforceOnly }: QuotaPolicy): ChargeMode {
  const counts = countOnly?.value === true;
  const enforces = enforceOnly?.value === true;
  if (counts === enforces) return 'enforce';
  return counts ? 'count' : 'check';
}

/** Nearly every message has the period of the one before. */
function remembering(windowOf: (period: Period) => Window): (period: Period) => Window {
  let last: { readonly period: Period; readonly window: Window } | undefined;
  return (period) => {
    if (last?.period.interval !== period.interval || last.period.unit !== period.unit) {
      last = { period, window: windowOf(period) };
    }
    return last.window;
  };
}
