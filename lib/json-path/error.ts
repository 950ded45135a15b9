/** A path that does not compile, or that costs too much to evaluate. */
export class JsonPathError extends Error {
  /** 0-based offset in the path's text; 0 for a path that was given up while it ran. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.name = 'JsonPathError';
    this.position = position;
  }
}
