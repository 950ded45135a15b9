import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { exitCode, type ExitCode } from '../exit.ts';

/** Nothing is deployed, for errors that the operator has been told. */
export interface Refused {
  readonly kind: 'refused';
  readonly findings: readonly Diagnostic[];
}

export type Tell = (diagnostics: readonly Diagnostic[]) => void;

/** Does what may be refused; tells why it was. */
export async function orRefused<Result>(
  work: () => Promise<Result>,
  tell: Tell,
): Promise<Result | Refused> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    tell(error.diagnostics);
    return { kind: 'refused', findings: error.diagnostics };
  }
}

/** Findings about a path of the command line, rather than about what it holds. */
const unreadable: ReadonlySet<string> = new Set([
  'source-not-found',
  'unreadable-source',
  'environment-not-found',
  'no-bundle',
]);

export function exitCodeOf({ findings }: Refused): ExitCode {
  return findings.some(({ code }) => unreadable.has(code)) ? exitCode.unusable : exitCode.failed;
}
