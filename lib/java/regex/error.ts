/**
 * An expression that java.util.regex refuses.
 * `description` and `position` are PatternSyntaxException's getDescription() and getIndex().
 */
export class JavaRegexError extends Error {
  readonly description: string;
  readonly position: number;
  readonly pattern: string;

  constructor(description: string, pattern: string, position: number) {
    const caret = position >= 0 && position < pattern.length ? `\n${' '.repeat(position)}^` : '';
    const near = position >= 0 ? ` near index ${position}` : '';
    super(`${description}${near}\n${pattern}${caret}`);
    this.name = 'JavaRegexError';
    this.description = description;
    this.position = position;
    this.pattern = pattern;
  }
}

/** A replacement text that Matcher.appendReplacement refuses; `message` is Java's. */
export class JavaReplacementError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'JavaReplacementError';
  }
}

/** A match that took more steps than its budget; the input neither matches nor fails to match. */
export class JavaRegexBudgetError extends Error {
  readonly source: string;
  readonly budget: number;

  constructor(source: string, budget: number) {
    super(
      `The regular expression ${JSON.stringify(source)} was given up after ${budget} steps. ` +
        'Nested repeats such as (a+)+ are the usual cause: make one of them possessive or merge them.',
    );
    this.name = 'JavaRegexBudgetError';
    this.source = source;
    this.budget = budget;
  }
}
