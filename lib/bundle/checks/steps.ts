import { basename } from 'node:path';
import type { Report } from '../../diagnostic/diagnostic.ts';
import type { Bundle, BundlePolicy, StepNode } from '../bundle.ts';
import { flowDocuments, isUnconditional, stepLists } from '../walk.ts';
import { error, warn, type Check } from './check-context.ts';

/** Every step names a policy of the bundle, and every policy has a step. */
export const checkSteps: Check = ({ bundle, report }) => {
  const attached = new Set<string>();
  for (const document of flowDocuments(bundle)) {
    for (const steps of stepLists(document)) {
      for (const step of steps) {
        const name = step.name?.value ?? '';
        attached.add(name);
        checkStep(step, name, bundle, report);
      }
      checkReachable(steps, bundle, report);
    }
  }
  for (const [name, policy] of bundle.policies) {
    if (!attached.has(name)) reportUnattached(name, policy, report);
  }
};

function checkStep(step: StepNode, name: string, bundle: Bundle, report: Report): void {
  const { location } = step;
  if (name === '') {
    error(
      step.name?.location ?? location,
      {
        code: 'step-without-name',
        message: 'Non null value expected for element Name in Step',
        hint: 'Write the name of a policy, or remove the step.',
      },
      report,
    );
  } else if (!bundle.policies.has(name) && !bundle.broken.has(name)) {
    const meant = nearest(name, bundle.policies.keys());
    error(
      step.name?.textLocation ?? location,
      {
        code: 'policy-not-found',
        message: `Error occurred while validation of bean ${basename(location.file)}. Reason: - Step definition ${name} not found`,
        hint:
          meant === undefined
            ? 'Add a policy of that name; the name attribute counts, not the name of the file.'
            : `Did you mean ${meant}?`,
      },
      report,
    );
  }
}

/** A name that differs only in case, white space or punctuation. */
function nearest(name: string, names: Iterable<string>): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  for (const other of names) if (plain(other) === plain(name)) return other;
  return undefined;
}

function checkReachable(steps: readonly StepNode[], { policies }: Bundle, report: Report): void {
  const end = steps.findIndex((step) => {
    const policy = policies.get(step.name?.value ?? '');
    return policy !== undefined && isUnconditional(step) && alwaysRaises(policy);
  });
  const unreachable = end < 0 ? undefined : steps[end + 1];
  if (unreachable === undefined) return;
  warn(
    unreachable.location,
    {
      code: 'unreachable-step',
      message: 'The step is never reached: the RaiseFault before it always ends the flow.',
      hint: 'Give the RaiseFault step a Condition, or remove what follows it.',
    },
    report,
  );
}

function alwaysRaises(policy: BundlePolicy): boolean {
  const { type, enabled, continueOnError } = policy.kind === 'supported' ? policy.policy : policy;
  return type === 'RaiseFault' && enabled && !continueOnError;
}

function reportUnattached(name: string, policy: BundlePolicy, report: Report): void {
  const { location } = policy.kind === 'supported' ? policy.policy : policy;
  warn(
    location,
    {
      code: 'policy-not-attached',
      message: `No step runs the policy ${name}.`,
      hint: 'Attach it to a flow, or remove its file.',
    },
    report,
  );
}
