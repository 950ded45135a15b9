import { diagnosticAt, type Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';

/** What one configuration says and the other system cannot: a warning with the place it comes from. */
export function loss(location: Location, message: string, hint: string): Diagnostic {
  return diagnosticAt(location, 'warning', 'not-expressible', message, hint);
}

/** What is said the same and yet has to be read otherwise on the other side. */
export function remark(location: Location, message: string, hint: string): Diagnostic {
  return diagnosticAt(location, 'info', 'read-otherwise', message, hint);
}
