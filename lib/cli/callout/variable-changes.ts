import type { FlowValue } from '../../message/flow-value.ts';
import { Message } from '../../message/message.ts';
import { spelledOut } from '../../message/spelled-out.ts';
import type { FlowVariables } from '../../variables/flow-variables.ts';

/** Values as JSON has them: null for a variable that the run removed. */
export type ShownValue =
  | string
  | number
  | boolean
  | null
  | readonly ShownValue[]
  | { readonly [name: string]: ShownValue };

/**
 * Watches a flow's variables from now on. The function returned gives every variable that was set or
 * changed since, message parts spelled out, in order of name.
 */
export function watchVariables(variables: FlowVariables): () => Record<string, ShownValue> {
  const before = snapshot(variables);
  const written = new Set<string>();
  const stop = variables.observe((name) => written.add(name));
  return () => {
    stop();
    const after = snapshot(variables);
    const changes = new Map<string, ShownValue>();
    for (const [name, value] of after) {
      if (written.has(name) || !before.has(name) || !isSame(before.get(name), value)) {
        changes.set(name, shown(value));
      }
    }
    for (const name of before.keys()) if (!after.has(name)) changes.set(name, null);
    return Object.fromEntries([...changes].sort(([a], [b]) => (a < b ? -1 : 1)));
  };
}

function snapshot(variables: FlowVariables): ReadonlyMap<string, FlowValue> {
  const values = new Map<string, FlowValue>();
  for (const [name, value] of variables.entries()) {
    if (value instanceof Message)
      for (const [part, text] of spelledOut(name, value)) values.set(part, text);
    else values.set(name, value);
  }
  return values;
}

function isSame(a: FlowValue, b: FlowValue): boolean {
  return a === b || (Array.isArray(a) && JSON.stringify(shown(a)) === JSON.stringify(shown(b)));
}

function shown(value: FlowValue): ShownValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object') return value;
  return value instanceof Message ? value.content : value.map(shown);
}
