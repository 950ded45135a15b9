import type { Answer, Case, Upstreams } from '../suite/case.ts';

/** Answers of one origin; a recording of thousands needs no more for what nobody was expected to call. */
const most = 100;

/**
 * For each origin what it answered to each call, over all cases. A gateway that makes a call too many is
 * answered as usual, so that it shows as a call too many and not as everything that follows from a failure.
 */
export function usualAnswers(cases: readonly Case[]): Upstreams {
  const byOrigin = new Map<string, Map<string, Answer>>();
  for (const { upstreams = {} } of cases) {
    for (const [origin, given] of Object.entries(upstreams)) {
      const known = byOrigin.get(origin) ?? new Map<string, Answer>();
      byOrigin.set(origin, known);
      for (const answer of 'length' in given ? given : [given]) {
        const call = JSON.stringify(answer.when);
        const isUsual = answer.failure === undefined && (answer.status ?? 200) < 500;
        if (isUsual && !known.has(call) && known.size < most) known.set(call, answer);
      }
    }
  }
  return Object.fromEntries(
    [...byOrigin]
      .filter(([, answers]) => answers.size > 0)
      .map(([origin, answers]) => [origin, [...answers.values()]] as const),
  );
}
