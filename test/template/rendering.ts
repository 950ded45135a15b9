import type { Diagnostic } from '../../lib/diagnostic/diagnostic.ts';
import { Fault } from '../../lib/fault/fault.ts';
import { defaultHost, type Host } from '../../lib/host/host.ts';
import { Message } from '../../lib/message/message.ts';
import { compileTemplate, type TemplateOptions } from '../../lib/template/template.ts';
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

export function unresolved(variable: string): Fault {
  return new Fault({
    code: 'entities.UnresolvedVariable',
    faultstring: `Unresolved variable : ${variable}`,
  });
}

export type Settings = Omit<TemplateOptions, 'location' | 'report'>;

export function compiled(source: string, settings: Settings = {}) {
  const diagnostics: Diagnostic[] = [];
  const template = compileTemplate(source, {
    ...settings,
    location: { file: 'template', line: 1, column: 1 },
    report: (diagnostic) => diagnostics.push(diagnostic),
  });
  return { template, diagnostics };
}

/** With `IgnoreUnresolvedVariables` true. */
export function lenient(source: string, values: Variables = {}, settings: Settings = {}): string {
  return compiled(source, settings).template.render(flowOf(values), 'ignore');
}

/** With `IgnoreUnresolvedVariables` false. */
export function strict(source: string, values: Variables = {}, settings: Settings = {}): string {
  return compiled(source, settings).template.render(flowOf(values), unresolved);
}

export function codes(source: string, settings: Settings = {}): readonly string[] {
  return compiled(source, settings).diagnostics.map(({ code }) => code);
}

/** The fault that `run` throws. */
export function faultOf(run: () => unknown): Fault {
  try {
    run();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('no fault');
}
