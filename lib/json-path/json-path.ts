/** CONTRACT SKETCH: the json-path room replaces bodies, not names. */
export interface JsonPath {
  readonly source: string;
  /** A definite path names at most one value. */
  readonly definite: boolean;
  /**
   * Every value found, in Jayway's order; none if nothing matches. A definite path gives 0 or 1.
   * @throws {JsonPathError} when the evaluation exceeds its bound
   */
  select(root: unknown): readonly unknown[];
}

/** @throws {JsonPathError} with `position`, the 0-based offset in the text where it stops making sense */
export declare function compileJsonPath(source: string): JsonPath;
