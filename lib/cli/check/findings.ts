import { diagnosticAt, type Diagnostic } from '../../diagnostic/diagnostic.ts';

/** A hostile document gives a million findings, and a folder may hold many of those. */
const mostKept = 100_000;

/** Collects findings: counts all of them, and keeps as many as a person or program can use. */
export class Findings {
  readonly counts: Record<Diagnostic['severity'], number> = { error: 0, warning: 0, info: 0 };
  readonly #kept: Diagnostic[] = [];
  #firstLost: Diagnostic | undefined;

  add(diagnostics: readonly Diagnostic[]): void {
    for (const diagnostic of diagnostics) {
      this.counts[diagnostic.severity] += 1;
      if (this.#kept.length < mostKept) this.#kept.push(diagnostic);
      else this.#firstLost ??= diagnostic;
    }
  }

  /** What was kept, ordered by file, line and column; the info `too-many-findings` stands for the rest. */
  inOrder(): readonly Diagnostic[] {
    const lost = this.#firstLost === undefined ? [] : [this.#aboutLost(this.#firstLost)];
    return [...this.#kept, ...lost].sort(byPlace);
  }

  #aboutLost(first: Diagnostic): Diagnostic {
    const { error, warning, info } = this.counts;
    const lost = error + warning + info - this.#kept.length;
    const message = `There are ${lost} more findings, from here on; only the summary counts them.`;
    const hint = 'Mend what is reported, or check less at once.';
    return diagnosticAt(first, 'info', 'too-many-findings', message, hint);
  }
}

function byPlace(one: Diagnostic, other: Diagnostic): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return one.line - other.line || one.column - other.column;
}
