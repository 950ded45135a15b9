import type { Verdict } from '../../verify/verify-suite.ts';
import { shownCall, shownExchange, shownRequest } from './shown.ts';
import { verificationTally, type Verification } from './verification.ts';

/** The report for a program: one JSON document. */
export function verificationJson(verification: Verification): string {
  const { against, suites, milliseconds } = verification;
  const document = {
    against,
    summary: { ...verificationTally(verification), milliseconds: Math.round(milliseconds) },
    suites: suites.map(({ file, name, verdicts }) => ({
      file,
      name,
      cases: verdicts.map(verdictJson),
    })),
  };
  const plain = (_key: string, value: unknown): unknown =>
    typeof value === 'bigint' ? value.toString() : value;
  return `${JSON.stringify(document, plain, 2)}\n`;
}

function verdictJson(verdict: Verdict): unknown {
  const core = {
    name: verdict.case.name,
    outcome: verdict.outcome,
    requests: verdict.requests.map(shownRequest),
  };
  switch (verdict.outcome) {
    case 'skipped':
      return { ...core, reason: verdict.reason };
    case 'unplayable':
      return { ...core, problems: verdict.problems };
    case 'same':
    case 'different':
    case 'unanswered': {
      const { interpreter, candidate, differences, unexpected } = verdict;
      return {
        ...core,
        differences: differences.map(({ at, expected, found, note, tolerated }) => ({
          at,
          interpreter: expected,
          candidate: found,
          ...(note === undefined ? {} : { note }),
          tolerated: tolerated ?? null,
        })),
        unexpected,
        interpreter: sideJson(interpreter),
        candidate: sideJson(candidate),
      };
    }
  }
}

function sideJson({ exchanges, calls }: Extract<Verdict, { differences: unknown }>['candidate']) {
  return { responses: exchanges.map(shownExchange), calls: calls.map(shownCall) };
}
