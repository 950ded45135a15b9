import type { CheckOutcome } from './check-paths.ts';

/** The one JSON document of `apx check --json`. */
export function checkJson({ diagnostics, summary }: CheckOutcome): string {
  return `${JSON.stringify({ diagnostics, summary }, undefined, 2)}\n`;
}
