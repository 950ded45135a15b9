import type { ProxyEndpoint, TargetEndpoint } from '../bundle.ts';
import { isUnconditional } from '../walk.ts';
import { warn, type Check } from './check-context.ts';

/** Flows and fault rules that hide each other, and steps that never run. */
export const checkFlows: Check = ({ bundle, report }) => {
  const endpoints: readonly (ProxyEndpoint | TargetEndpoint)[] = [
    ...bundle.proxyEndpoints.values(),
    ...bundle.targetEndpoints.values(),
  ];
  for (const { type, name, flows, faultRules } of endpoints) {
    const seen = new Set<string>();
    for (const { name: flow = '', location } of flows?.flow ?? []) {
      if (flow !== '' && seen.has(flow)) {
        const message = `${type} ${name} has two flows named ${flow}.`;
        warn(location, { code: 'duplicate-flow', message, hint: 'Rename one of them.' }, report);
      }
      seen.add(flow);
    }
    const hiding = flows?.flow.slice(0, -1).find(isUnconditional);
    if (hiding !== undefined) {
      warn(
        hiding.location,
        {
          code: 'flow-hides-others',
          message: 'The flow has no Condition, so none after it ever runs.',
          hint: 'Give it a Condition, or put it last.',
        },
        report,
      );
    }
    for (const rule of faultRules?.faultRule.filter(isUnconditional) ?? []) {
      warn(
        rule.location,
        {
          code: 'fault-rule-without-condition',
          message: 'The fault rule has no Condition, so it takes every fault.',
          hint: 'Give it a Condition, or use DefaultFaultRule.',
        },
        report,
      );
    }
  }
  for (const { postClientFlow } of bundle.proxyEndpoints.values()) {
    const [step] = postClientFlow?.request?.step ?? [];
    if (step === undefined) continue;
    warn(
      step.location,
      {
        code: 'step-never-runs',
        message: 'PostClientFlow runs its Response only.',
        hint: 'Move the step into Response.',
      },
      report,
    );
  }
};
