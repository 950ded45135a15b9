import type { JavaRegex } from '../../java/regex/java-regex.ts';
import type { Message } from '../../message/message.ts';
import { decodeParameterText } from '../../message/percent-encoding.ts';
import { flowValueText, variableReference } from '../../variables/flow-variables.ts';
import { variableResolutionFailed } from './faults.ts';
import type { PartNode } from './grammar.ts';
import type { Inspect } from './inspection.ts';
import type { PartContext } from './part-context.ts';

type VariableNode = Extract<PartNode, { readonly type: 'Variable' }>;
type NamedNode = Extract<PartNode, { readonly type: 'QueryParam' | 'Header' | 'FormParam' }>;

/** Compiles what looks at the path, a parameter, a header or a variable. */
export function compileMessagePart(
  node: Exclude<PartNode, { readonly type: 'XMLPayload' | 'JSONPayload' }>,
  patterns: readonly JavaRegex[],
  context: PartContext,
): Inspect {
  if (node.type === 'URIPath') return ofMessage(pathTexts, patterns);
  if (node.type === 'Variable') return compileVariable(node, patterns, context);
  return ofMessage(textsOf(node), patterns);
}

type Texts = (message: Message) => readonly string[];

/** What is not there is no threat. */
function ofMessage(textsIn: Texts, patterns: readonly JavaRegex[]): Inspect {
  return (inspection) => {
    if (inspection.message === undefined) return;
    for (const text of textsIn(inspection.message)) inspection.test(text, patterns);
  };
}

/** As it was sent, and as it is meant: an escape must not hide anything. */
function pathTexts({ kind, path }: Message): readonly string[] {
  if (kind !== 'request') return [];
  const decoded = decodeParameterText(path.replaceAll('+', '%2B'));
  return decoded === path ? [path] : [path, decoded];
}

function textsOf({ type, name }: NamedNode): Texts {
  switch (type) {
    case 'QueryParam':
      return ({ query }) => query.values(name);
    case 'FormParam':
      return ({ form }) => form.values(name);
    // The whole header, because a value may hold commas, and each value, because a pattern may name its start.
    case 'Header':
      return ({ headers }) => {
        const whole = headers.text(name);
        if (whole === undefined) return [];
        const values = headers.values(name);
        return values.length === 1 ? [whole] : [whole, ...values];
      };
  }
}

function compileVariable(
  { name }: VariableNode,
  patterns: readonly JavaRegex[],
  { unresolved }: PartContext,
): Inspect {
  const variable = variableReference(name);
  return (inspection) => {
    const value = variable.read(inspection.flow.variables) ?? null;
    if (value !== null) inspection.test(flowValueText(value), patterns);
    else if (unresolved === 'fault') throw variableResolutionFailed(name);
  };
}
