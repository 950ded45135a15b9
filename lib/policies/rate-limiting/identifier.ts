import { flowValueText } from '../../message/flow-value.ts';
import type { Flow } from '../../variables/flow.ts';
import { variableReference } from '../../variables/flow-variables.ts';
import { attribute, element } from '../../xml/grammar/element.ts';
import { text } from '../../xml/grammar/value.ts';

/** The bucket of a message that nothing tells from others. */
export const defaultIdentifier = '_default';

export const identifier = element({
  doc: 'Counts each value of a variable apart.',
  attributes: {
    ref: attribute(text, 'The flow variable; all that have none are counted together.'),
  },
});

/** Reads what tells a message's bucket from others; `_default` where nothing does. */
export function compileIdentifier(
  node: { readonly ref: string | undefined } | undefined,
): (flow: Flow) => string {
  const ref = node?.ref ?? '';
  if (ref === '') return () => defaultIdentifier;
  const variable = variableReference(ref);
  return ({ variables }) => {
    const value = flowValueText(variable.read(variables));
    return value === '' ? defaultIdentifier : value;
  };
}
