import { isSecretVariable, mask, masked } from './masking.ts';
import { flowValueText, type FlowValue } from '../variables/value.ts';

/** Most characters of a value, a header or a message's text about itself; bodies have a limit of their own. */
const longestText = 8 * 1024;
/** Looked at beyond a limit, so that a secret across it is seen whole enough to be masked. */
const overlap = 4 * 1024;

/** A text as it is kept: secrets masked, and no longer than the limit. */
export function recordedText(text: string, limit = longestText): string {
  const safe = masked(text.length > limit + overlap ? text.slice(0, limit + overlap) : text);
  if (safe.length <= limit && text.length <= limit + overlap) return safe;
  return `${safe.slice(0, limit)}…`;
}

/** The value of a variable as it is kept; undefined if it is unresolved. */
export function recordedValue(name: string, value: FlowValue): string | undefined {
  if (value === null || value === undefined) return undefined;
  return isSecretVariable(name) ? mask : recordedText(flowValueText(value));
}
