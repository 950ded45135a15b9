import type { Bundle, StepNode } from '../../bundle/bundle.ts';
import { compileCondition } from '../../condition/condition.ts';
import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import { diagnosticAt, type Diagnostic } from '../../diagnostic/diagnostic.ts';
import { sharedFlowNotFound } from '../../flow/shared-flows.ts';
import type { Policy } from '../../policies/registry.ts';
import type { PolicyResources } from '../../policies/policy-type.ts';
import type { PolicySurroundings, Runtime } from '../../runtime/runtime.ts';
import type { Flow } from '../../variables/flow.ts';
import { inPolicy } from '../doubles/running-policy.ts';

/** A shared flow that policies alone may call: its policies in a row, or a bundle. */
export type GivenSharedFlow = readonly Policy[] | Bundle;

/** What stands beside policies that run alone. */
export interface BesidePolicies {
  /** Texts by URL, such as `jsc://dates.js`. */
  readonly resources?: Readonly<Record<string, string>>;
  readonly sharedFlows?: ReadonlyMap<string, GivenSharedFlow>;
}

interface StepProgram {
  readonly run: (flow: Flow) => void | Promise<void>;
}

/** @throws {DeploymentError} when a policy of a shared flow cannot be deployed */
export function policySurroundings(
  { resources = {}, sharedFlows = new Map<string, GivenSharedFlow>() }: BesidePolicies,
  runtime: Runtime,
): PolicySurroundings {
  const flows = new Map<string, readonly StepProgram[]>();
  const surroundings: PolicySurroundings = {
    resources: resourcesOf(resources),
    sharedFlows: {
      async run(name, flow) {
        const steps = flows.get(name);
        if (steps === undefined) throw sharedFlowNotFound(name);
        for (const step of steps) await step.run(flow);
      },
    },
  };
  for (const [name, flow] of sharedFlows) {
    const isBundle = 'policies' in flow;
    const steps = isBundle
      ? bundleSteps(flow, runtime, surroundings)
      : flow.map((policy) => stepProgram(policy, runtime, surroundings));
    flows.set(name, steps);
  }
  return surroundings;
}

function resourcesOf(texts: Readonly<Record<string, string>>): PolicyResources {
  const files = new Map(
    Object.entries(texts).map(([url, text]) => [url, Buffer.from(text)] as const),
  );
  return { read: (url) => files.get(url) };
}

function stepProgram(
  policy: Policy,
  runtime: Runtime,
  surroundings: PolicySurroundings,
): StepProgram {
  const program = runtime.compile(policy, surroundings);
  return { run: (flow) => inPolicy(policy.name, () => program.run(flow)) };
}

/** The steps of a shared flow bundle's entry, with their conditions and the bundle's own resources. */
function bundleSteps(
  bundle: Bundle,
  runtime: Runtime,
  surroundings: PolicySurroundings,
): readonly StepProgram[] {
  const own: PolicySurroundings = {
    ...surroundings,
    resources: { read: (url) => bundle.resources.get(url)?.bytes },
  };
  const [first] = bundle.sharedFlows.values();
  const entry = bundle.sharedFlows.get('default') ?? first;
  return (entry?.step ?? []).map((step) => {
    const name = step.name?.value ?? '';
    const policy = bundle.policies.get(name);
    if (policy?.kind !== 'supported') {
      const message = `${bundle.name} has no policy ${name} that could run.`;
      throw new DeploymentError([diagnosticAt(step.location, 'error', 'missing-policy', message)]);
    }
    return conditional(step, stepProgram(policy.policy, runtime, own));
  });
}

function conditional({ condition }: StepNode, program: StepProgram): StepProgram {
  if (condition === undefined || (condition.value ?? '') === '') return program;
  const found: Diagnostic[] = [];
  const compiled = compileCondition(condition.value ?? '', {
    location: condition.textLocation,
    report: (diagnostic) => found.push(diagnostic),
  });
  if (found.some(({ severity }) => severity === 'error')) throw new DeploymentError(found);
  return { run: (flow) => (compiled.holds(flow) ? program.run(flow) : undefined) };
}
