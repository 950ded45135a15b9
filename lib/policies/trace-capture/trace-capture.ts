import { flowValueText } from '../../message/flow-value.ts';
import { variableReference } from '../../variables/flow-variables.ts';
import { attribute, element, leaf, many, optional } from '../../xml/grammar/element.ts';
import { boolean, text } from '../../xml/grammar/value.ts';
import { readsPayload } from '../payload-use.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';
import type { PolicyType } from '../policy-type.ts';
import { unresolvedVariable } from '../unresolved-variable.ts';

const grammar = policyElement('Adds values to the distributed trace of a transaction.', {
  variables: optional(
    'Variables',
    element({
      doc: 'The values.',
      children: {
        variable: many(
          'Variable',
          element({
            doc: 'A value; the text is what counts where the variable is unresolved.',
            attributes: {
              name: attribute(text, 'Its name in the trace.', ''),
              ref: attribute(text, 'The variable that holds it.', ''),
            },
            text,
          }),
        ),
      },
    }),
  ),
  ignoreUnresolvedVariables: optional(
    'IgnoreUnresolvedVariables',
    leaf(boolean, 'true: what is unresolved is left out; false, the default: it is a fault.'),
  ),
  throwExceptionOnLimit: optional(
    'ThrowExceptionOnLimit',
    leaf(boolean, 'Has no effect: there is no limit.'),
  ),
});

export type TraceCapturePolicy = PolicyNode<'TraceCapture', typeof grammar>;

/** TraceCapture: adds values to the trace ("TraceCapture policy"). */
export const traceCapture: PolicyType<TraceCapturePolicy> = {
  type: 'TraceCapture',
  grammar,
  variablePrefix: 'tracecapture',
  support: 'whole grammar; values go to the trace of `--trace`, not to Cloud Trace',
  touchesPayload: (policy) => readsPayload(policy),
  check: () => undefined,
  compile({ name: policy, variables, ignoreUnresolvedVariables }) {
    const items = (variables?.variable ?? []).map(({ name, ref, value }) => ({
      name: name === '' ? ref : name,
      variable: variableReference(ref),
      fallback: value === undefined || value === '' ? null : value,
    }));
    const ignores = ignoreUnresolvedVariables?.value === true;
    return (flow) => {
      for (const { name, variable, fallback } of items) {
        const value = variable.read(flow.variables) ?? fallback;
        if (value === null) {
          if (ignores) continue;
          throw unresolvedVariable(variable.name);
        }
        const isPrivate = variable.name.startsWith('private.');
        flow.passage.print(policy, `${name}=${isPrivate ? '*****' : flowValueText(value)}`);
      }
    };
  },
};
