import type { Bundle, StepNode } from '../bundle.ts';
import { error, type Check, type Wording } from './check-context.ts';

/** A ResponseCache has at most one step in all request flows, and one in all response flows. */
export const checkResponseCaches: Check = ({ bundle, report }) => {
  for (const direction of ['request', 'response'] as const) {
    const seen = new Set<string>();
    for (const step of stepsOf(bundle, direction)) {
      const name = step.name?.value ?? '';
      if (!isResponseCache(bundle, name)) continue;
      if (seen.has(name)) error(step.location, attachedAgain(name, direction), report);
      seen.add(name);
    }
  }
};

function stepsOf(bundle: Bundle, direction: 'request' | 'response'): readonly StepNode[] {
  const endpoints = [...bundle.proxyEndpoints.values(), ...bundle.targetEndpoints.values()];
  return endpoints.flatMap(({ preFlow, flows, postFlow }) =>
    [preFlow, ...(flows?.flow ?? []), postFlow].flatMap((flow) => flow?.[direction]?.step ?? []),
  );
}

function isResponseCache({ policies }: Bundle, name: string): boolean {
  const policy = policies.get(name);
  return policy?.kind === 'supported' && policy.policy.type === 'ResponseCache';
}

function attachedAgain(name: string, direction: 'request' | 'response'): Wording {
  return {
    code:
      direction === 'request'
        ? 'ResponseCacheStepAttachmentNotAllowedReq'
        : 'ResponseCacheStepAttachmentNotAllowedResp',
    message: `ResponseCache step definition ${name} can not be attached more than once in the ${direction} path.`,
    hint: 'Keep one step in the request and one in the response, or make a second policy.',
  };
}
