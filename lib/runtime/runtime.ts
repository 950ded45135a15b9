import { DeploymentError } from '../diagnostic/deployment-error.ts';
import { diagnosticAt, type Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Environment } from '../host/environment.ts';
import type { MessageInit } from '../message/message-init.ts';
import { compilePolicy } from '../policies/compile-policy.ts';
import type { CompiledPolicy } from '../policies/compiled-policy.ts';
import { compileHostPolicy } from '../policies/host-policy/compile.ts';
import { isHostPolicy, type HostPolicyNode } from '../policies/host-policy/policy-tree.ts';
import type { CompileContext } from '../policies/policy-type.ts';
import type { Policy } from '../policies/registry.ts';
import { newFlow, type Flow } from '../variables/flow.ts';
import { createServices, type RuntimeOptions } from './services.ts';

export type { RuntimeOptions } from './services.ts';

/** Compiles policies and starts transactions, all within one outside world. */
export interface Runtime {
  readonly environment: Environment;
  /**
   * Compiles a policy, that of `parseHostPolicy` with the implementation given for its type.
   *
   * @throws {DeploymentError} when the policy cannot run in the runtime's environment
   */
  compile(policy: Policy | HostPolicyNode, surroundings?: PolicySurroundings): CompiledPolicy;
  /** Starts a transaction; `variables` may hold messages, and replace predefined variables. */
  newFlow(seed?: FlowSeed): Flow;
  /** Waits for fire-and-forget callouts, then closes every connection; again and at once changes nothing. */
  close(): Promise<void>;
}

/** What a policy finds beside it in its bundle; nothing unless given. */
export type PolicySurroundings = Pick<CompileContext, 'resources' | 'sharedFlows' | 'sibling'>;

export interface FlowSeed {
  /** The client's request; an empty `GET /` unless given. */
  readonly request?: MessageInit;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export function createRuntime(options: RuntimeOptions = {}): Runtime {
  const runtimeServices = createServices(options);
  const { host, hostPolicies, identity, policyServices: services } = runtimeServices;
  const { environment } = host;

  return {
    environment,
    compile(policy, surroundings) {
      const diagnostics: Diagnostic[] = [];
      const context: CompileContext = {
        report: (diagnostic) => diagnostics.push(diagnostic),
        environment,
        identity,
        services,
        ...surroundings,
      };
      const compiled = isHostPolicy(policy)
        ? compileHostPolicy(policy, hostPolicies, context)
        : compilePolicy(policy, context);
      if (compiled === undefined)
        throw new DeploymentError([...diagnostics, noImplementation(policy)]);
      if (diagnostics.some(({ severity }) => severity === 'error'))
        throw new DeploymentError(diagnostics);
      compiled.start?.();
      return compiled;
    },
    newFlow: (seed = {}) => newFlow({ host, ...seed }),
    close: () => runtimeServices.close(),
  };
}

function noImplementation({ type, name, location }: Policy | HostPolicyNode): Diagnostic {
  return diagnosticAt(
    location,
    'error',
    'unsupported-policy',
    `No implementation takes ${name}, a policy of type ${type}.`,
    `Give one: createRuntime({ policies: { ${type}: ... } }).`,
  );
}
