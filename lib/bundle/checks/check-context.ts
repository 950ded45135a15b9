import type { Report, Severity } from '../../diagnostic/diagnostic.ts';
import { diagnosticAt } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';
import type { Environment } from '../../host/environment.ts';
import type { CompileContext } from '../../policies/policy-type.ts';
import type { Bundle } from '../bundle.ts';

export interface CheckContext {
  readonly bundle: Bundle;
  /** Undefined when a bundle is checked by itself: what needs an environment is then not checked. */
  readonly environment: Environment | undefined;
  /** Whose tokens Authentication sends: no service account is asked for when they are a host's. */
  readonly identity: CompileContext['identity'];
  /** Policy types that the host runs: what is said about their lack, or that of their files, is not said. */
  readonly hosted: ReadonlySet<string>;
  readonly report: Report;
}

/** One rule, or a few about the same thing. */
export type Check = (context: CheckContext) => void;

export interface Wording {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export function error(place: Location, wording: Wording, report: Report): void {
  tell(place, 'error', wording, report);
}

export function warn(place: Location, wording: Wording, report: Report): void {
  tell(place, 'warning', wording, report);
}

function tell(
  place: Location,
  severity: Severity,
  { code, message, hint }: Wording,
  report: Report,
): void {
  report(diagnosticAt(place, severity, code, message, hint));
}
