import type { ParsedRegex } from './ast.ts';
import type { Matcher } from './match.ts';

/** What is known about where a match can start. */
export interface StartHint {
  readonly byCodePoint: boolean;
}

/** Finds what narrows the search for a start. */
export function startHint(parsed: ParsedRegex): StartHint {
  return { byCodePoint: parsed.stepsByCodePoint };
}

/** Tries one start after another; the matcher then holds the match. */
export function searchFrom(
  matcher: Matcher,
  hint: StartHint,
  input: string,
  from: number,
): boolean {
  for (let start = from; start <= input.length; start++) {
    if (matcher.matchAt(start)) return true;
    if (hint.byCodePoint && (input.codePointAt(start) ?? 0) > 0xffff) start++;
  }
  return false;
}
