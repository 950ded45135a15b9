import { formatDiagnostic, type Diagnostic } from '../../diagnostic/diagnostic.ts';
import { printableLine } from './printable.ts';
import type { Streams } from './streams.ts';

/** Writes a sentence for the operator. */
export function writeLine(line: string, { stderr }: Streams): void {
  stderr.write(`${printableLine(line)}\n`);
}

/** A finding on one line, as tools read it. */
export function diagnosticLine(diagnostic: Diagnostic): string {
  return `${printableLine(formatDiagnostic(diagnostic))}\n`;
}

/** Writes what an operator has to know: a line for each finding that is more than information. */
export function writeDiagnostics(diagnostics: readonly Diagnostic[], { stderr }: Streams): void {
  for (const diagnostic of diagnostics) {
    if (diagnostic.severity !== 'info') stderr.write(diagnosticLine(diagnostic));
  }
}
