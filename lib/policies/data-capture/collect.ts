import { Fault } from '../../fault/fault.ts';
import type { FlowValue } from '../../message/flow-value.ts';
import { Message } from '../../message/message.ts';
import type { Report } from '../../diagnostic/diagnostic.ts';
import type { Flow } from '../../variables/flow.ts';
import { flowValueText, variableReference } from '../../variables/flow-variables.ts';
import { compileJsonPayload } from '../extract-variables/json-payload.ts';
import { compilePatterns, type Extract } from '../extract-variables/patterns.ts';
import { compileSource } from '../extract-variables/source.ts';
import { compileXmlPayload } from '../extract-variables/xml-payload.ts';
import { unresolvedVariable } from '../unresolved-variable.ts';
import type { CollectNode } from './grammar.ts';

/** What one Collect gave: a value, nothing, or why there is none ("DataCapture policy", errors). */
export type Collected =
  | { readonly kind: 'value'; readonly value: string | number | boolean | bigint }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'failure'; readonly error: CaptureError };

export type CaptureError =
  | 'ExtractionFailure'
  | 'JSONPathQueryFailed'
  | 'MsgContentParsingFailed'
  | 'NonMsgVariable'
  | 'PrivateVariableAccess'
  | 'UnresolvedVariable';

/** Compiles a Collect; never throws a fault when it runs. */
export function compileCollect(
  node: CollectNode,
  policy: string,
  report: Report,
): (flow: Flow) => Collected {
  const collect = node.ref === '' ? fromMessage(node, policy, report) : fromVariable(node.ref);
  const fallback = node.default;
  if (fallback === undefined) return collect;
  return (flow) => {
    const collected = collect(flow);
    return collected.kind === 'value' ? collected : { kind: 'value', value: fallback };
  };
}

function fromVariable(name: string): (flow: Flow) => Collected {
  if (name.startsWith('private.')) {
    return () => ({ kind: 'failure', error: 'PrivateVariableAccess' });
  }
  const variable = variableReference(name);
  return ({ variables }) => valueOf(variable.read(variables), 'UnresolvedVariable');
}

function valueOf(value: FlowValue, absent: CaptureError): Collected {
  if (value === null || value === undefined) return { kind: 'failure', error: absent };
  return typeof value === 'object'
    ? { kind: 'value', value: value instanceof Message ? value.content : flowValueText(value) }
    : { kind: 'value', value };
}

/** The name that a pattern gives to what it captures. */
const captured = '$';

function fromMessage(node: CollectNode, policy: string, report: Report): (flow: Flow) => Collected {
  const extract = compileExtract(node, policy, report);
  const source = node.source?.value ?? '';
  const open = compileSource(policy, source === '' ? 'message' : source);
  if (extract === undefined) return () => ({ kind: 'nothing' });
  return (flow) => {
    const found: FlowValue[] = [];
    try {
      const opened = open(flow);
      if (opened.kind === 'text') return { kind: 'failure', error: 'NonMsgVariable' };
      const captures = {
        flow,
        set(name: string, value: FlowValue) {
          if (name === captured) found.push(value);
        },
      };
      extract(captures, opened);
    } catch (error) {
      if (error instanceof Fault) return { kind: 'failure', error: failureOf(error) };
      throw error;
    }
    return found.length === 0 ? { kind: 'nothing' } : valueOf(found.at(-1), 'ExtractionFailure');
  };
}

function failureOf({ name }: Fault): CaptureError {
  if (name === 'InvalidJSONPath') return 'JSONPathQueryFailed';
  if (name === 'UnresolvedVariable') return 'UnresolvedVariable';
  return name === 'SourceMessageNotAvailable' ? 'ExtractionFailure' : 'MsgContentParsingFailed';
}

function compileExtract(
  { uriPath, queryParam, header, formParam, jsonPayload, xmlPayload, location }: CollectNode,
  policy: string,
  report: Report,
): Extract | undefined {
  const textless = { value: undefined, textLocation: location };
  const context = { policy, onUnresolved: unresolvedVariable, report };
  if (uriPath !== undefined)
    return compilePatterns({ ...uriPath, ...textless, type: 'URIPath' }, report);
  if (queryParam !== undefined)
    return compilePatterns({ ...queryParam, type: 'QueryParam' }, report);
  if (header !== undefined) return compilePatterns({ ...header, type: 'Header' }, report);
  if (formParam !== undefined) return compilePatterns({ ...formParam, type: 'FormParam' }, report);
  const variable = { ...textless, name: captured, type: 'string', location } as const;
  if (jsonPayload !== undefined) {
    const { jsonPath } = jsonPayload;
    return compileJsonPayload({ location, variable: [{ ...variable, jsonPath }] }, context);
  }
  if (xmlPayload !== undefined) {
    const { namespaces, xpath } = xmlPayload;
    return compileXmlPayload(
      { location, namespaces, stopPayloadProcessing: false, variable: [{ ...variable, xpath }] },
      context,
    );
  }
  return undefined;
}
