import { formatDiagnostic, type Diagnostic } from '../../../diagnostic/diagnostic.ts';
import type { Location } from '../../../diagnostic/location.ts';

/** A file that is no debug session, or a broken one. The message says where, what and how to mend it. */
export class UnreadableSession extends Error {
  override readonly name = 'UnreadableSession';
  readonly diagnostic: Diagnostic;
  /** How to mend it. */
  readonly hint: string;

  constructor({ file, line, column }: Location, code: string, message: string, hint: string) {
    const diagnostic = { severity: 'error', code, message, hint, file, line, column } as const;
    super(`${formatDiagnostic(diagnostic)} ${hint}`);
    this.diagnostic = diagnostic;
    this.hint = hint;
  }
}

const downloadAgain = 'Download the session again.';

export function truncated(place: Location, what: string): UnreadableSession {
  return new UnreadableSession(place, 'truncated-session', `The file ends ${what}.`, downloadAgain);
}

export function malformed(place: Location, message: string): UnreadableSession {
  return new UnreadableSession(place, 'malformed-session', message, downloadAgain);
}

export function foreign(place: Location, message: string): UnreadableSession {
  const hint =
    "Give a debug session: Edge's XML, Apigee X's JSON, or a file that apx serve --trace wrote.";
  return new UnreadableSession(place, 'no-debug-session', message, hint);
}

export function withoutTransactions(file: string): UnreadableSession {
  return new UnreadableSession(
    { file, line: 1, column: 1 },
    'empty-session',
    'The session holds no transaction.',
    'Send requests while a session is being recorded, and download it again.',
  );
}
