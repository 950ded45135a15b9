import { diagnosticAt } from '../../diagnostic/diagnostic.ts';
import { compileJavaRegex, JavaRegexError, type JavaRegex } from '../../java/regex/java-regex.ts';
import type { PartContext } from './part-context.ts';
import type { PatternNode } from './grammar.ts';

/** Compiles patterns; blank ones were reported and are left out. */
export function compilePatterns(
  nodes: readonly PatternNode[],
  { policy, report }: PartContext,
): readonly JavaRegex[] {
  return nodes.flatMap(({ value = '', ignoreCase, textLocation }) => {
    if (value === '') return [];
    try {
      return [compileJavaRegex(value, ignoreCase ? 'i' : '')];
    } catch (error) {
      if (!(error instanceof JavaRegexError)) throw error;
      report(
        diagnosticAt(
          textLocation,
          'error',
          'InvalidRegularExpression',
          `RegularExpressionProtection ${policy}: Invalid Regular Expression ${value}, Context ${error.description}`,
          'Write a regular expression as java.util.regex.Pattern reads it.',
        ),
      );
      return [];
    }
  });
}
