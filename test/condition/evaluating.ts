import type { Diagnostic } from '../../lib/diagnostic/diagnostic.ts';
import { compileCondition, type Condition } from '../../lib/condition/condition.ts';
import { defaultHost, type Host } from '../../lib/host/host.ts';
import { Message } from '../../lib/message/message.ts';
import { FlowVariables } from '../../lib/variables/flow-variables.ts';
import type { Flow } from '../../lib/variables/flow.ts';
import { LonePassage } from '../../lib/variables/passage.ts';
import type { FlowValue } from '../../lib/message/flow-value.ts';

export type Variables = Readonly<Record<string, FlowValue>>;

/** A flow with an empty client request and these variables. */
export function flowOf(values: Variables = {}, host: Host = defaultHost): Flow {
  const variables = new FlowVariables();
  variables.set('request', new Message('request'));
  for (const [name, value] of Object.entries(values)) variables.set(name, value);
  return { variables, host, localDepth: 0, passage: new LonePassage(() => 'request') };
}

export interface CompiledCondition {
  readonly condition: Condition;
  readonly diagnostics: readonly Diagnostic[];
}

export function compiled(source: string): CompiledCondition {
  const diagnostics: Diagnostic[] = [];
  const condition = compileCondition(source, {
    location: { file: 'proxies/default.xml', line: 10, column: 5 },
    report: (diagnostic) => diagnostics.push(diagnostic),
  });
  return { condition, diagnostics };
}

/** The verdict of a valid condition; `explain` must say the same. */
export function holds(source: string, values: Variables = {}): boolean {
  const { condition, diagnostics } = compiled(source);
  const error = diagnostics.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new Error(`${source}: ${error.message}`);
  const flow = flowOf(values);
  const verdict = condition.holds(flow);
  const explained = condition.explain(flow).holds;
  if (explained !== verdict) throw new Error(`${source}: holds ${verdict}, explained ${explained}`);
  return verdict;
}

export function codes(source: string): readonly string[] {
  return compiled(source).diagnostics.map(({ code }) => code);
}

export function isInvalid(source: string): boolean {
  return compiled(source).diagnostics.some(({ severity }) => severity === 'error');
}
