import { compiledPolicy, type CompiledPolicy } from './compiled-policy.ts';
import type { CompileContext, PolicyCore } from './policy-type.ts';
import { policyTypeNamed } from './registry.ts';

/** Compiles a policy's AST; findings go to `context.report`, and errors among them forbid running it. */
export function compilePolicy(policy: PolicyCore, context: CompileContext): CompiledPolicy {
  const type = policyTypeNamed(policy.type);
  if (type === undefined) throw new TypeError(`There is no policy type ${policy.type}`);
  const compiled = compiledPolicy(policy, type, type.compile(policy, context));
  if (type.start === undefined || !policy.enabled) return compiled;
  return { ...compiled, start: () => type.start?.(policy, context) };
}
