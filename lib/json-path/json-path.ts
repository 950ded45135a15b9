import { Budget } from './budget.ts';
import { evaluate } from './evaluate.ts';
import { parsePath } from './path-syntax.ts';
import { failed, inapplicable, outOfRange } from './signal.ts';
import { isDefinite } from './syntax.ts';

export { maximumVisits } from './budget.ts';
export { JsonPathError } from './error.ts';

/**
 * A path as Jayway JsonPath, the Java library in Apigee, reads it ("Extract Variables policy").
 * Nothing in a path is ever evaluated as a program.
 */
export interface JsonPath {
  readonly source: string;
  /** A definite path names at most one value. */
  readonly definite: boolean;
  /**
   * Every value found, in Jayway's order; none if nothing matches. A definite path gives 0 or 1.
   * `root` is what JSON.parse gives, with its limits: 1.0 is 1, integers past 2^53 lose digits, and
   * members whose names are indexes come first.
   * @throws {JsonPathError} when the evaluation visits more than `maximumVisits` values, or a regular
   *   expression in it takes too long
   */
  select(root: unknown): readonly unknown[];
  /** As `select`; undefined where Jayway raises an error because there is no such place. */
  find(root: unknown): readonly unknown[] | undefined;
}

/**
 * Functions are those of Jayway 2.10 (`length`, `sum`, `keys`, ...); of scripts only `[(@.length-N)]` exists.
 *
 * @throws {JsonPathError} with `position`, the 0-based offset in the text where it stops making sense
 */
export function compileJsonPath(source: string): JsonPath {
  const path = parsePath(source);
  const find = (root: unknown): readonly unknown[] | undefined => {
    try {
      const found = evaluate(path, root, { root, budget: new Budget(), missing: 'skipped' });
      return found?.kind === 'value' ? [found.value] : found?.values;
    } catch (error) {
      if (error === failed || error === inapplicable || error === outOfRange) return undefined;
      throw error;
    }
  };
  return { source, definite: isDefinite(path), find, select: (root) => find(root) ?? [] };
}
