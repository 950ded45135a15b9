import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import { flowValueText, type FlowValue } from '../../message/flow-value.ts';
import { variableReference } from '../../variables/flow-variables.ts';
import type { Captures } from './extraction.ts';
import type { ExtractionNode, PatternNode } from './grammar.ts';
import { compilePattern, PatternError, type Pattern, type PatternOptions } from './pattern.ts';
import { partOf, type Source } from './source.ts';

/** One prepared element: takes variables out of the source. */
export type Extract = (extraction: Captures, source: Source | undefined) => void;

type PatternsNode = Exclude<ExtractionNode, { readonly type: 'JSONPayload' | 'XMLPayload' }>;

/** Compiles an element with patterns. Of several that match, the first one listed is used. */
export function compilePatterns(node: PatternsNode, report: Report): Extract {
  const of = node.type === 'URIPath' ? 'path' : 'text';
  const patterns = node.pattern.flatMap((pattern) => compile(pattern, of, report));
  // Stable, so that of equally long paths the first one listed stays first.
  if (of === 'path') patterns.sort((a, b) => b.segments - a.segments);
  const read = subject(node);
  return (extraction, source) => {
    const value = read(extraction, source);
    if (value === null || value === undefined) return;
    const text = flowValueText(value);
    for (const pattern of patterns) {
      const captures = pattern.match(text);
      if (captures === undefined) continue;
      for (const [name, captured] of captures) extraction.set(name, captured);
      return;
    }
  };
}

function compile(
  { value = '', ignoreCase, textLocation }: PatternNode,
  of: PatternOptions['of'],
  report: Report,
): readonly Pattern[] {
  const reportError = (code: string, message: string, hint: string): void => {
    report(diagnosticAt(textLocation, 'error', code, message, hint));
  };
  try {
    const pattern = compilePattern(value, { of, letters: ignoreCase ? 'any-case' : 'exact' });
    if (pattern.names.length === 0) {
      reportError(
        'PatternWithoutVariable',
        `The pattern "${value}" names no variable.`,
        'Write {NAME} where the value stands.',
      );
    }
    return [pattern];
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    reportError('InvalidPattern', `${error.message}.`, 'Write %{ and %} for braces that are text.');
    return [];
  }
}

type Subject = (extraction: Captures, source: Source | undefined) => FlowValue;

const pathSuffix = variableReference('proxy.pathsuffix');
const path = partOf('path');

function subject(node: PatternsNode): Subject {
  switch (node.type) {
    case 'URIPath':
      // Of a response neither path nor query is looked at, though its request had both.
      return ({ flow }, source) =>
        source?.kind === 'message' && source.message.kind === 'request'
          ? (pathSuffix.read(flow.variables) ?? path(source))
          : null;
    case 'QueryParam':
      return ofSource(`queryparam.${node.name}`);
    case 'Header':
      return ofSource(`header.${node.name}`);
    case 'FormParam':
      return ofSource(`formparam.${node.name}`);
    case 'Variable': {
      const variable = variableReference(node.name);
      return ({ flow }) => variable.read(flow.variables);
    }
  }
}

function ofSource(property: string): Subject {
  const read = partOf(property);
  return (_extraction, source) => (source === undefined ? null : read(source));
}
