import type { ParsedRegex } from './ast.ts';
import type { Matcher } from './match.ts';

/** What is known about where a match can start. */
export type StartHint = { readonly kind: 'anywhere' };

/** Finds what narrows the search for a start. */
export function startHint(_parsed: ParsedRegex): StartHint {
  return { kind: 'anywhere' };
}

/** Tries one start after another; the matcher then holds the match. */
export function searchFrom(
  matcher: Matcher,
  _hint: StartHint,
  input: string,
  from: number,
): boolean {
  for (let start = from; start <= input.length; start++) {
    if (matcher.matchAt(start)) return true;
  }
  return false;
}
