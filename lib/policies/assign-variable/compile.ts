import { diagnosticAt } from '../../diagnostic/diagnostic.ts';
import type { Fault } from '../../fault/fault.ts';
import type { FlowValue } from '../../message/flow-value.ts';
import { compileTemplate, type OnUnresolved } from '../../template/template.ts';
import type { Flow } from '../../variables/flow.ts';
import { flowValueText, variableReference } from '../../variables/flow-variables.ts';
import type { CompileContext } from '../policy-type.ts';
import type { AssignVariableNode } from './grammar.ts';
import { latestTemplate } from './latest-template.ts';

/** What AssignVariable needs to know of the policy it belongs to. */
export interface AssignmentContext {
  /** `AssignMessage[AM-1]`, as Apigee's messages name a policy. */
  readonly policy: string;
  readonly onUnresolved: OnUnresolved;
  /** What writing a variable does that policies may only read. */
  readonly onReadOnly: 'ignore' | ((variable: string) => Fault);
  readonly compile: Pick<CompileContext, 'report' | 'resources'>;
}

/** One source of a value: what it is called when it has none, and its value, null if it has none. */
interface Source {
  readonly subject: string;
  readonly read: (flow: Flow) => FlowValue;
}

/**
 * Compiles one AssignVariable. The first source with a value wins, so that Ref with Value means a
 * variable and its default. If none has one, it is a fault or, where those are ignored, unsets the variable.
 */
export function compileAssignVariable(
  node: AssignVariableNode,
  context: AssignmentContext,
): (flow: Flow) => void {
  const name = node.name?.value ?? '';
  const target = variableReference(name);
  const sources = sourcesOf(node, context);
  const { policy, onUnresolved, onReadOnly } = context;

  const valueFor = (flow: Flow): FlowValue => {
    for (const { read } of sources) {
      const value = read(flow);
      if (value !== null && value !== undefined) return value;
    }
    const [first] = sources;
    if (first === undefined || onUnresolved === 'ignore') return null;
    throw onUnresolved(first.subject);
  };

  return (flow) => {
    const outcome = target.write(flow.variables, valueFor(flow));
    if (outcome === 'written') return;
    if (outcome === 'read-only' && onReadOnly !== 'ignore') throw onReadOnly(name);
    flow.host.log.warn({ policy, variable: name }, 'A variable could not be set');
  };
}

function sourcesOf(node: AssignVariableNode, context: AssignmentContext): readonly Source[] {
  return [
    resource(node, context),
    template(node, context),
    reference(node),
    literal(node),
    property(node, context),
  ].filter((source) => source !== undefined);
}

function resource(
  { resourceUrl }: AssignVariableNode,
  { onUnresolved, compile: { report, resources } }: AssignmentContext,
): Source | undefined {
  const written = resourceUrl?.value ?? '';
  if (resourceUrl === undefined || written === '') return undefined;
  const url = compileTemplate(written, { location: resourceUrl.textLocation, report });
  if (resources !== undefined && url.constant !== undefined) {
    if (resources.read(url.constant) === undefined) {
      report(
        diagnosticAt(
          resourceUrl.textLocation,
          'warning',
          'missing-resource',
          `There is no resource file ${url.constant}.`,
          'Add it to the bundle or to its environment.',
        ),
      );
    }
  }
  return {
    subject: written,
    read: (flow) => {
      const file = resources?.read(url.render(flow, onUnresolved).trim());
      return file === undefined ? null : new TextDecoder().decode(file);
    },
  };
}

function template(
  { template: node }: AssignVariableNode,
  { onUnresolved, compile: { report } }: AssignmentContext,
): Source | undefined {
  if (node === undefined) return undefined;
  const { ref = '', value = '', location, textLocation } = node;
  const written = compileTemplate(value, { location: textLocation, report });
  if (ref === '') return { subject: value, read: (flow) => written.render(flow, onUnresolved) };
  const holder = variableReference(ref);
  const templateIn = latestTemplate(location);
  return {
    subject: ref,
    read: (flow) => {
      const held = holder.read(flow.variables);
      if (held !== null && held !== undefined) {
        return templateIn(flowValueText(held)).render(flow, onUnresolved);
      }
      return value === '' ? null : written.render(flow, onUnresolved);
    },
  };
}

function reference({ ref }: AssignVariableNode): Source | undefined {
  const name = ref?.value ?? '';
  if (name === '') return undefined;
  const source = variableReference(name);
  return { subject: name, read: ({ variables }) => source.read(variables) };
}

function literal({ value: node }: AssignVariableNode): Source | undefined {
  if (node === undefined) return undefined;
  const value = node.value ?? '';
  return { subject: 'Value', read: () => value };
}

function property(
  { propertySetRef: node }: AssignVariableNode,
  { onUnresolved, compile: { report } }: AssignmentContext,
): Source | undefined {
  const written = node?.value ?? '';
  if (node === undefined || written === '') return undefined;
  const key = compileTemplate(written, { location: node.textLocation, report });
  return {
    subject: `propertyset.${written}`,
    read: (flow) =>
      variableReference(`propertyset.${key.render(flow, onUnresolved)}`).read(flow.variables),
  };
}
