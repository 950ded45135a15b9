import { compileJavaRegex, JavaRegexBudgetError } from '../../java/regex/java-regex.ts';

/**
 * Compiles a `pattern` of a schema with an engine whose steps are counted, for texts come from clients.
 * The syntax is ECMAScript's; where a class means something else in Java, it is written in Java's way.
 * A match that takes too many steps is none.
 * @throws {JavaRegexError}
 */
export function compileSchemaPattern(pattern: string): { test(text: string): boolean } {
  const regex = compileJavaRegex(inJavaSyntax(pattern));
  return {
    test(text) {
      try {
        return regex.find(text) !== null;
      } catch (error) {
        if (error instanceof JavaRegexBudgetError) return false;
        throw error;
      }
    },
  };
}

function inJavaSyntax(pattern: string): string {
  let inClass = false;
  return pattern.replace(/\\[^]|\[\^?\]?|\]|&&|[^]/g, (token) => {
    if (!inClass) {
      if (token === '[^]') return '[\\s\\S]';
      inClass = token.startsWith('[');
      return token;
    }
    if (token === ']') inClass = false;
    if (token === '&&') return '&\\&';
    return token.startsWith('[') ? `\\${token}` : token;
  });
}
