import { isUtf8 } from 'node:buffer';
import type { HeaderLines } from '../matching/compare-message.ts';
import { parseExactJson } from '../verify/json-text.ts';
import type { RecordedExchange } from './recorded-exchange.ts';
import type { Provenance, Secrets } from './secrets.ts';

/** Learns every secret of an exchange: first those that came in, then those that only came out of it. */
export function learnSecrets(
  { request, response, calls, inside }: RecordedExchange,
  secrets: Secrets,
) {
  learnMessage(request, 'given', secrets);
  learnUrl(request.target, 'given', secrets);
  for (const { answer } of calls) {
    if (answer.kind === 'answered') learnMessage(answer, 'given', secrets);
  }
  for (const secret of inside?.secrets ?? []) secrets.learn(secret, 'made');
  for (const { call } of calls) {
    learnMessage(call, 'made', secrets);
    learnUrl(call.url, 'made', secrets);
  }
  learnMessage(response, 'made', secrets);
}

interface Content {
  readonly headers: HeaderLines;
  readonly body: Uint8Array;
}

function learnMessage({ headers, body }: Content, provenance: Provenance, secrets: Secrets): void {
  for (const [name, value] of headers) {
    if (secrets.isSecret(name)) secrets.learnNamed(name, value, provenance);
    else learnText(value, provenance, secrets);
  }
  if (!isUtf8(body)) return;
  const text = Buffer.from(body).toString('utf8');
  const json = parseExactJson(text);
  if (json === undefined) learnText(text, provenance, secrets);
  else learnMembers(json.value, provenance, secrets);
}

/**
 * Members of JSON whose name is secret, with all texts in them, and texts that are secret by their form. As
 * deep as JSON is read.
 */
function learnMembers(
  value: unknown,
  provenance: Provenance,
  secrets: Secrets,
  secretName?: string,
): void {
  if (typeof value === 'string') {
    if (secretName === undefined) learnText(value, provenance, secrets);
    else secrets.learnNamed(secretName, value, provenance);
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    const secret = secretName ?? (secrets.isSecret(name) ? name : undefined);
    if (typeof member === 'number' && secrets.isSecret(name))
      secrets.learnNamed(name, String(member), provenance);
    else learnMembers(member, provenance, secrets, secret);
  }
}

function learnUrl(url: string, provenance: Provenance, secrets: Secrets): void {
  const start = url.indexOf('?');
  if (start !== -1) learnParameters(url.slice(start + 1), provenance, secrets);
  const userInfo = /:\/\/([^/?#@]+)@/.exec(url)?.[1];
  if (userInfo !== undefined) secrets.learn(userInfo, provenance);
  learnText(url, provenance, secrets);
}

function learnParameters(text: string, provenance: Provenance, secrets: Secrets): void {
  for (const [name, value] of new URLSearchParams(text)) {
    if (secrets.isSecret(name)) secrets.learnNamed(name, value, provenance);
  }
}

/** A scheme with its credentials, a JSON Web Token, and values that stand beside a secret name. */
const schemes = /(?<!\w)(?:Bearer|Basic|Digest|Negotiate) {1,8}([^\s"'<>,;]{4,})/gi;
const webToken = /(?<![\w.-])eyJ[\w-]+\.[\w.-]+/g;
const assigned = /(?<![\w.$-])([\w.$-]{1,100})=([^&;\s"'<>]+)/g;
const quoted = /["']([\w.$-]{1,100})["']\s{0,8}:\s{0,8}["']([^"'\\]*)["']/g;
const element = /<(?:[\w.-]{1,50}:)?([\w.-]{1,100})(?:\s[^<>]{0,200})?>([^<]+)</g;

function learnText(text: string, provenance: Provenance, secrets: Secrets): void {
  for (const [, credentials = ''] of text.matchAll(schemes)) secrets.learn(credentials, provenance);
  for (const [token] of text.matchAll(webToken)) secrets.learn(token, provenance);
  for (const pattern of [assigned, quoted, element]) {
    for (const [, name = '', value = ''] of text.matchAll(pattern)) {
      if (!secrets.isSecret(name)) continue;
      secrets.learnNamed(name, value, provenance);
      // As a form has it.
      for (const [, decoded] of new URLSearchParams(`a=${value}`)) {
        secrets.learnNamed(name, decoded, provenance);
      }
    }
  }
}
