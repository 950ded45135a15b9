import type { Flow } from '../../variables/flow.ts';
import { flowValueText, variableReference } from '../../variables/flow-variables.ts';
import type { Program } from '../policy-type.ts';
import { unresolvedVariable } from './faults.ts';
import type { ReadNode, ReadPropertySetPolicy } from './grammar.ts';

/** Compiles ReadPropertySet. A reference wins over the text beside it if its variable is set. */
export function compileReadPropertySet({
  name,
  read,
  ignoreUnresolvedVariables,
}: ReadPropertySetPolicy): Program {
  const onMissing = ignoreUnresolvedVariables?.value === true ? 'ignored' : 'fault';
  const reads = read.map((node) => compileRead(name, node, onMissing));
  return (flow) => {
    for (const one of reads) one(flow);
  };
}

function compileRead(
  policy: string,
  { name, key, assignTo, defaultValue }: ReadNode,
  onMissing: 'ignored' | 'fault',
): (flow: Flow) => void {
  const set = compileText(name);
  const entry = compileText(key);
  const target = variableReference(assignTo?.value ?? '');
  const fallback = defaultValue?.value ?? '';
  if (target.name === '') return () => undefined;
  return (flow) => {
    const setName = set(flow);
    const variable = `propertyset.${setName}.${entry(flow)}`;
    const value = propertyValue(setName, variable, flow) ?? (fallback === '' ? null : fallback);
    if (value !== null) target.write(flow.variables, value);
    else if (onMissing === 'fault') throw unresolvedVariable(policy, variable);
  };
}

/** The name of a property set is that of a file and has no dot; one would make a part of it a key. */
function propertyValue(set: string, variable: string, flow: Flow): string | null {
  if (set === '' || set.includes('.')) return null;
  const value = variableReference(variable).read(flow.variables) ?? null;
  return value === null ? null : flowValueText(value);
}

function compileText(node: ReadNode['name']): (flow: Flow) => string {
  const text = node?.value ?? '';
  const ref = node?.ref ?? '';
  if (ref === '') return () => text;
  const variable = variableReference(ref);
  return ({ variables }) => {
    const value = variable.read(variables) ?? null;
    return value === null ? text : flowValueText(value);
  };
}
