import { diagnosticAt } from '../../diagnostic/diagnostic.ts';
import { Fault } from '../../fault/fault.ts';
import { emptyEnvironment } from '../../host/environment.ts';
import { compileTemplate } from '../../template/template.ts';
import type { Flow } from '../../variables/flow.ts';
import { compiledPolicy, type CompiledPolicy } from '../compiled-policy.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import { unresolvedVariable } from '../unresolved-variable.ts';
import type { HostPolicies, HostPolicyContext } from './host-policy.ts';
import { childNamed, type HostPolicyNode } from './policy-tree.ts';

/**
 * Compiles a policy with the host's implementation of its type; undefined if there is none for it. An
 * implementation that throws is reported as an error at the policy.
 */
export function compileHostPolicy(
  policy: HostPolicyNode,
  implementations: HostPolicies,
  context: CompileContext,
): CompiledPolicy | undefined {
  const implementation = implementations.get(policy.type);
  if (implementation === undefined) return undefined;
  let program: Program | undefined;
  try {
    program = implementation(policy, hostContext(policy, context));
  } catch (error) {
    context.report(
      diagnosticAt(
        policy.location,
        'error',
        'policy-refused',
        `The implementation of ${policy.type} refused ${policy.name}: ${messageOf(error)}`,
        'Mend the policy, or the implementation that this program registered.',
      ),
    );
    return undefined;
  }
  return program === undefined
    ? undefined
    : compiledPolicy(
        policy,
        { variablePrefix: policy.type.toLowerCase() },
        faulting(policy, program),
      );
}

function hostContext(policy: HostPolicyNode, context: CompileContext): HostPolicyContext {
  const { report, environment, resources } = context;
  const ignores = childNamed(policy.element, 'IgnoreUnresolvedVariables')?.text.toLowerCase();
  const onUnresolved = ignores === 'true' ? 'ignore' : unresolvedVariable;
  return {
    environment: environment ?? emptyEnvironment,
    resources: resources ?? { read: () => undefined },
    template(text, place = policy.element) {
      const template = compileTemplate(text, { location: place.location, report });
      return (flow) => template.render(flow, onUnresolved);
    },
    refuse(place, message, hint) {
      report(diagnosticAt(place.location, 'error', 'policy-refused', message, hint));
    },
  };
}

/** Whatever a host's program throws is a fault of its policy, as any throwable of Java is. */
function faulting(policy: HostPolicyNode, program: Program): Program {
  return (flow: Flow) => {
    let pending: void | Promise<void>;
    try {
      pending = program(flow);
    } catch (error) {
      throw faultOf(policy, error);
    }
    // A program in plain JavaScript may answer with anything.
    if (!isThenable(pending)) return undefined;
    return Promise.resolve(pending).then(
      () => undefined,
      (error: unknown) => {
        throw faultOf(policy, error);
      },
    );
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}

/** "JavaCallout policy"; the others by analogy. */
function faultOf({ type, name }: HostPolicyNode, error: unknown): Fault {
  if (error instanceof Fault) return error;
  return type === 'JavaCallout'
    ? new Fault({
        code: 'steps.javacallout.ExecutionError',
        faultstring: `Failed to execute JavaCallout. ${messageOf(error)}`,
        cause: error,
      })
    : new Fault({
        code: `steps.${type.toLowerCase()}.ExecutionFailed`,
        faultstring: `Execution of ${type} ${name} failed. Reason: ${messageOf(error)}`,
        cause: error,
      });
}

function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return typeof error === 'string' ? error : 'An error of the implementation';
}
