import type { FlowValue } from '../../message/flow-value.ts';
import { flowValueText, variableReference } from '../../variables/flow-variables.ts';
import type { FlowVariables } from '../../variables/flow-variables.ts';
import { variableResolutionFailed } from './faults.ts';
import type { ParametersNode } from './grammar.ts';

/**
 * Prepares parameters: the value of `ref`, else `value`. They come as names and XPath expressions in turn.
 * @throws {Fault} XSLVariableResolutionFailed, when run
 */
export function compileParameters(
  node: ParametersNode | undefined,
): (variables: FlowVariables) => readonly string[] {
  const ignores = node?.ignoreUnresolvedVariables === true;
  const parameters = (node?.parameter ?? []).flatMap(({ name, ref, value }) =>
    name === '' ? [] : [{ name, ref, value, variable: variableReference(ref) }],
  );
  return (variables) =>
    parameters.flatMap(({ name, ref, value, variable }) => {
      const found = (ref === '' ? undefined : variable.read(variables)) ?? value;
      if (found !== undefined) return [name, expressionOf(found)];
      if (ignores || ref === '') return [];
      throw variableResolutionFailed(ref);
    });
}

function expressionOf(value: FlowValue): string {
  if (typeof value === 'boolean') return value ? 'true()' : 'false()';
  const text = flowValueText(value);
  if (!text.includes('"')) return `"${text}"`;
  if (!text.includes("'")) return `'${text}'`;
  // XPath 1.0 has no escapes: a text with both quotes is put together.
  return `concat(${text
    .split('"')
    .map((part) => `"${part}"`)
    .join(`,'"',`)})`;
}
