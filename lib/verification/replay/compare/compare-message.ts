import { isSecretName, mask, masked } from '../../../trace/masking.ts';
import { recordedText } from '../../../trace/recorded-text.ts';
import type { RecordedBody, RecordedMessage } from '../session/recorded-transaction.ts';
import { differByBasePath, type ComparisonContext } from './context.ts';
import type { Findings } from './finding.ts';
import { headerExplanation, isOfRouter } from './names.ts';

/** Compares a message at one moment. What the recording does not tell is not compared. */
export function compareMessage(
  where: string,
  recorded: RecordedMessage | undefined,
  replayed: RecordedMessage | undefined,
  context: ComparisonContext,
  findings: Findings,
): void {
  if (recorded === undefined) return;
  const compareText = (what: string, told: string | undefined, found: string | undefined): void => {
    if (told === undefined || told === '') return;
    const text = recordedText(told);
    if (text === found) return;
    const isBasePath = found !== undefined && differByBasePath(text, found, context);
    findings.add({
      where,
      what: `${recorded.kind} ${what}`,
      recorded: text,
      replayed: found,
      explanation: isBasePath ? 'base path' : maskedIn(text, found),
    });
  };
  compareText('verb', recorded.verb, replayed?.verb);
  compareText('URI', recorded.uri, replayed?.uri);
  compareText('status', recorded.status, replayed?.status);
  compareText('reason phrase', recorded.reason, replayed?.reason);
  compareHeaders(where, recorded, replayed, findings);
  compareBodies(where, recorded.kind, recorded.body, replayed?.body, findings);
}

function maskedIn(...texts: readonly (string | undefined)[]): 'masked' | undefined {
  return texts.some((text) => text?.includes(mask) === true) ? 'masked' : undefined;
}

function compareHeaders(
  where: string,
  recorded: RecordedMessage,
  replayed: RecordedMessage | undefined,
  findings: Findings,
): void {
  const told = headersOf(recorded);
  const found = headersOf(replayed);
  for (const name of new Set([...told.keys(), ...found.keys()])) {
    const [one, other] = [told.get(name), found.get(name)];
    if (one === other) {
      findings.agree('headers');
      continue;
    }
    findings.add({
      where,
      what: `${recorded.kind} header ${name}`,
      recorded: one,
      replayed: other,
      explanation: headerExplanation(name) ?? maskedIn(one, other),
    });
  }
}

/** By name in lower case, the values of all lines joined; without those of Apigee's router. */
function headersOf(message: RecordedMessage | undefined): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of message?.headers ?? []) {
    if (isOfRouter(name)) continue;
    const key = name.toLowerCase();
    const text = isSecretName(name) ? mask : recordedText(value);
    const before = headers.get(key);
    headers.set(key, before === undefined ? text : `${before}, ${text}`);
  }
  return headers;
}

function compareBodies(
  where: string,
  kind: RecordedMessage['kind'],
  recorded: RecordedBody | undefined,
  replayed: RecordedBody | undefined,
  findings: Findings,
): void {
  const told = masked(recorded?.text ?? '');
  const found = masked(replayed?.text ?? '');
  const isCut = recorded?.extent === 'cut' || replayed?.extent === 'cut';
  const length = isCut ? Math.min(told.length, found.length) : Infinity;
  if (told === found || (isCut && told.slice(0, length) === found.slice(0, length))) {
    if (told !== '') findings.agree('bodies');
    return;
  }
  findings.add({
    where,
    what: `${kind} body`,
    recorded: recorded === undefined ? undefined : told,
    replayed: replayed === undefined ? undefined : found,
    explanation: maskedIn(told, found),
  });
}
