import { formatDiagnostic, type Diagnostic } from './diagnostic.ts';

/** Thrown when a document cannot be deployed. Carries every finding, warnings included. */
export class DeploymentError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    super(errors.map(formatDiagnostic).join('\n'));
    this.name = 'DeploymentError';
    this.diagnostics = diagnostics;
  }
}
