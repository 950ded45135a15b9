import type { Location } from './location.ts';

export type Severity = 'error' | 'warning' | 'info';

/** One finding about a source file. Errors stop a deployment; warnings and infos never do. */
export interface Diagnostic extends Location {
  readonly severity: Severity;
  /** Apigee's error name where it has one (`URLMissing`), else a name of ours in kebab-case. */
  readonly code: string;
  readonly message: string;
  /** How to mend it, as an imperative sentence. */
  readonly hint?: string;
}

/** Receives findings while a document is read, checked or compiled. */
export type Report = (diagnostic: Diagnostic) => void;

/** Builds a diagnostic at a place; keeps only the location's own fields. */
export function diagnosticAt(
  { file, line, column }: Location,
  severity: Severity,
  code: string,
  message: string,
  hint?: string,
): Diagnostic {
  return {
    severity,
    code,
    message,
    file,
    line,
    column,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** `file:line:column severity CODE message`, one line, whatever the message holds. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, severity, code, message } = diagnostic;
  return `${file}:${line}:${column} ${severity} ${code} ${message}`.replace(/\s*[\r\n]+\s*/g, ' ');
}
