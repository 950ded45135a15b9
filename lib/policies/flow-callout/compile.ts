import type { Report } from '../../diagnostic/diagnostic.ts';
import type { FlowValue } from '../../message/flow-value.ts';
import { compileTemplate } from '../../template/template.ts';
import type { Flow } from '../../variables/flow.ts';
import {
  variableReference,
  type FlowVariables,
  type VariableReference,
} from '../../variables/flow-variables.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import { unresolvedVariable } from '../unresolved-variable.ts';
import { sharedFlowNotFound, sharedFlowsTooDeep } from './faults.ts';
import type { FlowCalloutPolicy } from './grammar.ts';

type ParameterNode = NonNullable<FlowCalloutPolicy['parameters']>['parameter'][number];

interface Parameter {
  readonly target: VariableReference;
  readonly value: (flow: Flow) => FlowValue;
}

/** Shared flows may call others; a transaction this deep in them is taken to go round in circles. */
const deepest = 10;

/** How many FlowCallouts a transaction is in. */
const depths = new WeakMap<Flow, number>();

/**
 * Compiles FlowCallout. The parameters are flow variables while the shared flow runs, and have their
 * old values afterwards, however it ends; everything else that it sets stays.
 */
export function compileFlowCallout(
  { sharedFlowBundle, parameters: node }: FlowCalloutPolicy,
  { report, sharedFlows }: CompileContext,
): Program {
  const sharedFlow = sharedFlowBundle?.value ?? '';
  const parameters = (node?.parameter ?? [])
    .filter(({ name }) => name !== '')
    .map((parameter) => compileParameter(parameter, report));

  return (flow) => {
    if (sharedFlows === undefined) throw sharedFlowNotFound(sharedFlow);
    const depth = (depths.get(flow) ?? 0) + 1;
    if (depth > deepest) throw sharedFlowsTooDeep(sharedFlow, deepest);
    const { variables } = flow;
    // All of them before the first is set: a value may read a variable that another one replaces.
    const values = new Map(parameters.map(({ target, value }) => [target, value(flow)]));
    const putBack = replace(values, variables);
    depths.set(flow, depth);
    const leave = (): void => {
      depths.set(flow, depth - 1);
      putBack();
    };
    let pending: void | Promise<void>;
    try {
      pending = sharedFlows.run(sharedFlow, flow, named(values));
    } catch (error) {
      leave();
      throw error;
    }
    if (pending !== undefined) return pending.finally(leave);
    leave();
    return undefined;
  };
}

function compileParameter(
  { name, ref = '', value = '', textLocation }: ParameterNode,
  report: Report,
): Parameter {
  const target = variableReference(name);
  const text = compileTemplate(value, { location: textLocation, report });
  if (ref === '') return { target, value: (flow) => text.render(flow, unresolvedVariable) };
  const source = variableReference(ref);
  return {
    target,
    value: (flow) =>
      source.read(flow.variables) ?? (value === '' ? null : text.render(flow, unresolvedVariable)),
  };
}

type Values = ReadonlyMap<VariableReference, FlowValue>;

/** Sets variables, and gives the function that puts their old values back. */
function replace(values: Values, variables: FlowVariables): () => void {
  const before = [...values.keys()].map((target) => [target, target.read(variables)] as const);
  for (const [target, value] of values) target.write(variables, value);
  return () => {
    for (const [target, value] of before) target.write(variables, value);
  };
}

function named(values: Values): ReadonlyMap<string, FlowValue> {
  return new Map([...values].map(([{ name }, value]) => [name, value]));
}
