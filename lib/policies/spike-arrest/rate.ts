import { javaDoubleText } from '../../condition/java-number-text.ts';
import type { Rate } from '../../state/counters.ts';

/** A rate, and how a fault names it. */
export interface AllowedRate extends Rate {
  readonly text: string;
}

const syntax = /^(\d{1,9})(ps|pm)$/;

/** Milliseconds. */
const periods = { ps: 1_000, pm: 60_000 } as const;

/**
 * Reads a rate such as `30ps` or `12pm`; undefined if it is none. A tenth of what a period allows may
 * come at once, as the numbers in Apigee's own faults show.
 */
export function readRate(text: string): AllowedRate | undefined {
  const [, digits, suffix] = syntax.exec(text.trim()) ?? [];
  const messages = Number(digits ?? 0);
  if (messages === 0) return undefined;
  const period = suffix === 'ps' ? periods.ps : periods.pm;
  const burst = Math.max(1, Math.floor(messages / 10));
  return {
    messages,
    period,
    burst,
    text: `MessageRate{messagesPerPeriod=${messages}, periodInMicroseconds=${period * 1_000}, maxBurstMessageCount=${javaDoubleText(burst)}}`,
  };
}
