import { TokenError, type TokenFailure } from '../google-tokens.ts';

/**
 * What went wrong, without the library's error: that one carries the whole request, tokens included.
 * `secrets` never appear in the message.
 */
export function tokenErrorOf(
  error: unknown,
  secrets: readonly (string | null | undefined)[],
): TokenError {
  if (error instanceof TokenError) return error;
  const status = statusOf(error);
  const kind = kindOf(error, status);
  const said = kind === 'malformed' ? '' : explanationOf(error, secrets);
  return describe(kind, status, said);
}

/** The same for a failure to find out who the runtime itself is. */
export function identityErrorOf(error: unknown): TokenError {
  return describe('no-identity', statusOf(error), explanationOf(error, []));
}

function describe(kind: TokenFailure, status: number | undefined, said: string): TokenError {
  const answered = status === undefined ? '' : ` The answer was ${status}.`;
  return new TokenError(kind, `${messages[kind]}${answered}${said}`, status);
}

function kindOf(error: unknown, status: number | undefined): TokenFailure {
  if (status !== undefined && status >= 400) return status < 500 ? 'refused' : 'unavailable';
  if (isTimeout(error)) return 'timeout';
  // The network's failures have a code; without one, the library found no token in a good answer.
  return member(error, 'code') === undefined ? 'malformed' : 'unavailable';
}

const messages: Record<TokenFailure, string> = {
  'no-service-account': 'The deployment has no service account.',
  'no-identity': 'The runtime has no Google identity of its own.',
  refused: 'Google refused to give a token.',
  malformed: "Google's answer holds no usable token.",
  timeout: 'Google gave no token in time.',
  unavailable: 'Google cannot be asked for a token.',
};

const longestExplanation = 300;

/** Google's own words where an answer has them, else the library's, cut and cleaned. */
function explanationOf(error: unknown, secrets: readonly (string | null | undefined)[]): string {
  const answered = member(member(member(error, 'response'), 'data'), 'error');
  const words = member(answered, 'message') ?? (error instanceof Error ? error.message : undefined);
  if (typeof words !== 'string' || words === '') return '';
  let clean = words;
  for (const secret of secrets) {
    if (secret !== null && secret !== undefined && secret !== '') {
      clean = clean.replaceAll(secret, '[token]');
    }
  }
  // What looks like a token is one, wherever it came from.
  clean = clean
    .replace(/\bya29\.[\w.~+/-]+=*/g, '[token]')
    .replace(/\beyJ[\w-]+\.[\w.-]+/g, '[token]')
    .replace(/\bBearer\s+[^\s"']+/gi, 'Bearer [token]')
    .replace(/[\u0000-\u001f\u007f]+/g, ' ');
  return ` ${clean.slice(0, longestExplanation)}`;
}

function statusOf(error: unknown): number | undefined {
  const status = member(member(error, 'response'), 'status');
  return typeof status === 'number' ? status : undefined;
}

function isTimeout(error: unknown): boolean {
  const names = [
    member(error, 'name'),
    member(error, 'code'),
    member(member(error, 'cause'), 'name'),
  ];
  return names.includes('TimeoutError') || names.includes('ETIMEDOUT');
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const found: unknown = Reflect.get(value, name);
  return found;
}
