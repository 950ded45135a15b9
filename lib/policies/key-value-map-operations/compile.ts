import type { FlowValue } from '../../message/flow-value.ts';
import type { KeyValueMaps, MapId } from '../../state/key-value-maps.ts';
import { StateUnavailableError } from '../../state/state.ts';
import { flowValueText, variableReference } from '../../variables/flow-variables.ts';
import type { Flow } from '../../variables/flow.ts';
import { wholeNumber } from '../../xml/grammar/value.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import { entryTooLarge, mapWithoutName, setVariableFailed, storeUnavailable } from './faults.ts';
import type {
  KeyNode,
  KeyValueMapOperationsPolicy,
  OperationNode,
  ReferableNode,
} from './grammar.ts';
import { mapIn } from './map-id.ts';

const defaultMap = 'kvmap';
/** Bytes of a key ("Limits"), and of an entry's values. */
const longestKey = 2 * 1024;
const longestValues = 512 * 1024;

/** An operation on a map; returns a promise only where the store lies elsewhere. */
type Operation = (flow: Flow, map: MapId) => void | Promise<void>;

const proxyName = variableReference('apiproxy.name');

/**
 * Compiles KeyValueMapOperations: its operations run in the order of the document. Every Get reads the
 * map itself, unless the host wants copies; then ExpiryTimeInSecs says how old one may be.
 */
export function compileKeyValueMapOperations(
  policy: KeyValueMapOperationsPolicy,
  { services }: CompileContext,
): Program {
  const { name } = policy;
  const mapName = compileMapName(policy);
  const scope = policy.scope?.value ?? 'environment';
  const maps = services.mapCopies?.view(lifetimeOf(policy)) ?? services.state.maps;
  const operations = policy.operations.map((node) => compileOperation(node, name, maps));
  const runFrom = (flow: Flow, map: MapId, start: number): void | Promise<void> => {
    for (let at = start; at < operations.length; at += 1) {
      const pending = operations[at]?.(flow, map);
      if (pending !== undefined) return pending.then(() => runFrom(flow, map, at + 1));
    }
  };
  return (flow) => {
    const { host, variables } = flow;
    const map = mapIn(scope, mapName(flow), {
      environment: host.environment,
      proxy: flowValueText(proxyName.read(variables)),
      policy: name,
    });
    if (map.name === '') throw mapWithoutName();
    const failed = (error: unknown): never => {
      if (!(error instanceof StateUnavailableError)) throw error;
      throw storeUnavailable(name, map.name, error);
    };
    try {
      return runFrom(flow, map, 0)?.catch(failed);
    } catch (error) {
      return failed(error);
    }
  };
}

/** Milliseconds; 0, -1 and nothing mean 300 seconds. */
function lifetimeOf({ expiryTimeInSecs }: KeyValueMapOperationsPolicy): number {
  const seconds = wholeNumber((expiryTimeInSecs?.value ?? '').trim()) ?? 0;
  return (seconds > 0 ? seconds : 300) * 1000;
}

/** Puts the entries in place that a deployment brings. */
export function seedInitialEntries(
  policy: KeyValueMapOperationsPolicy,
  { environment, services, bundle }: CompileContext,
): void {
  if (policy.initialEntries === undefined || environment === undefined) return;
  const map = mapIn(policy.scope?.value ?? 'environment', literalMapName(policy), {
    environment,
    proxy: bundle?.name ?? '',
    policy: policy.name,
  });
  const entries = policy.initialEntries.entry.map(({ key, value }) => {
    const parameters = (key?.parameter ?? []).map((parameter) => parameter.value ?? '');
    return [parameters.join('__'), value.map((one) => one.value ?? '')] as const;
  });
  if (map.name !== '') services.state.maps.seed(map, new Map(entries), 'replace');
}

function literalMapName({ mapName, mapIdentifier }: KeyValueMapOperationsPolicy): string {
  const written = mapName?.value ?? '';
  return written === '' ? (mapIdentifier ?? (mapName === undefined ? defaultMap : '')) : written;
}

function compileMapName(policy: KeyValueMapOperationsPolicy): (flow: Flow) => string {
  const literal = literalMapName(policy);
  const ref = policy.mapName?.ref ?? '';
  if (ref === '') return () => literal;
  const reference = variableReference(ref);
  return ({ variables }) => {
    const name = reference.read(variables);
    return name === null || name === undefined ? literal : flowValueText(name);
  };
}

function compileOperation(node: OperationNode, policy: string, maps: KeyValueMaps): Operation {
  const key = compileKey(node.key);
  switch (node.type) {
    case 'Get':
      return compileGet(node.assignTo, node.index, key, policy, maps);
    case 'Put': {
      const values = node.value.map(referable);
      if (values.length === 0) return () => undefined;
      const existing = node.override ? 'replace' : 'keep';
      return (flow, map) => {
        const entryKey = key(flow);
        const texts = values.map((value) => value(flow));
        if (isTooLong(entryKey) || bytesOf(texts) > longestValues) {
          throw entryTooLarge(policy, map.name);
        }
        return maps.put(map, entryKey, texts, existing);
      };
    }
    case 'Delete':
      return (flow, map) => {
        const entryKey = key(flow);
        if (!isTooLong(entryKey)) return maps.delete(map, entryKey);
      };
  }
}

function compileGet(
  assignTo: string,
  index: number | undefined,
  key: (flow: Flow) => string,
  policy: string,
  maps: KeyValueMaps,
): Operation {
  const target = variableReference(assignTo);
  const assign = ({ variables }: Flow, values: readonly string[] | undefined): void => {
    const value = chosen(values ?? [], index);
    if (value === undefined) return;
    if (target.write(variables, value) !== 'written') throw setVariableFailed(policy, assignTo);
  };
  return (flow, map) => {
    const entryKey = key(flow);
    if (isTooLong(entryKey)) return;
    const found = maps.get(map, entryKey);
    if (found instanceof Promise) {
      return found.then((values) => {
        assign(flow, values);
      });
    }
    assign(flow, found);
    return undefined;
  };
}

/** One value is a text, several are a list; no value leaves the variable as it was. */
function chosen(values: readonly string[], index: number | undefined): FlowValue {
  if (index !== undefined) return values[index - 1];
  return values.length > 1 ? values : values[0];
}

function compileKey(node: KeyNode | undefined): (flow: Flow) => string {
  const parameters = (node?.parameter ?? []).map(referable);
  const [only] = parameters;
  if (only === undefined) return () => '';
  return parameters.length === 1
    ? only
    : (flow) => parameters.map((parameter) => parameter(flow)).join('__');
}

/** The value of a variable if it is set, else the text; what is neither is empty. */
function referable({ ref, value }: ReferableNode): (flow: Flow) => string {
  const literal = value ?? '';
  if (ref === undefined || ref === '') return () => literal;
  const reference = variableReference(ref);
  return ({ variables }) => {
    const read = reference.read(variables);
    return read === null || read === undefined ? literal : flowValueText(read);
  };
}

function isTooLong(key: string): boolean {
  return key.length > longestKey || Buffer.byteLength(key) > longestKey;
}

function bytesOf(texts: readonly string[]): number {
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), 0);
}
