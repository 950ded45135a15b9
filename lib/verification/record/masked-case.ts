import type { Expectation } from '../suite/case.ts';
import { conditionOf } from '../matching/matcher.ts';
import type { Secrets } from './secrets.ts';

const anything = { any: true } as const;

/** A text in which no secret is left, whatever it was. */
export function maskedText(text: string, secrets: Secrets): string {
  return maskedParameters(secrets.masked(text), secrets);
}

/** What a client or an upstream sent: each secret has something else in its place. */
export function maskedGiven<Value>(value: Value, secrets: Secrets): Value {
  // Only texts change, and those to texts.
  return given('', value, secrets) as Value;
}

/** What was masked before, without the secrets that were met since. */
export function maskedAgain<Value>(value: Value, secrets: Secrets): Value {
  const again = (one: unknown): unknown => {
    if (typeof one === 'string') return secrets.masked(one);
    if (Array.isArray(one)) return one.map(again);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(
      Object.entries(one).map(([key, member]) => [secrets.masked(key), again(member)] as const),
    );
  };
  // As above.
  return again(value) as Value;
}

function given(name: string, value: unknown, secrets: Secrets): unknown {
  if (typeof value === 'string' && name === 'base64') return maskedBytes(value, secrets);
  if (typeof value === 'string' || (typeof value === 'number' && secrets.isSecret(name))) {
    const text = String(value);
    if (secrets.isSecret(name)) return secrets.maskedNamed(name, text) ?? 'masked';
    return maskedText(text, secrets);
  }
  if (Array.isArray(value)) return value.map((item) => given(name, item, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(
      ([key, member]) =>
        [
          secrets.masked(key),
          given(innerName(name, key, member, secrets), member, secrets),
        ] as const,
    ),
  );
}

/** All texts inside of what has a secret name are secret. */
function innerName(outer: string, key: string, member: unknown, secrets: Secrets): string {
  return secrets.isSecret(outer) && typeof member !== 'number' ? outer : key;
}

/**
 * What came of it: a secret that came in is followed to where it went; of one that the proxy brought along
 * only its being there is expected.
 */
export function maskedExpectation(expectation: Expectation, secrets: Secrets): Expectation {
  return expected('', expectation, secrets) as Expectation;
}

function expected(name: string, value: unknown, secrets: Secrets): unknown {
  if (typeof value === 'string' || (typeof value === 'number' && secrets.isSecret(name))) {
    const text = String(value);
    if (secrets.isSecret(name)) {
      const masked = secrets.maskedNamed(name, text);
      return masked === undefined || secrets.holdsMade(text) ? anything : masked;
    }
    return secrets.holdsMade(text) ? anything : maskedText(text, secrets);
  }
  if (Array.isArray(value)) return value.map((item) => expected(name, item, secrets));
  if (typeof value !== 'object' || value === null) return value;
  if (isXml(value)) return secrets.holdsMade(value.xml) ? anything : given('', value, secrets);
  const condition = conditionOf(value);
  if (condition !== undefined && 'equals' in condition) {
    const masked = given('', condition.equals, secrets);
    return { equals: masked };
  }
  return Object.fromEntries(
    Object.entries(value).map(
      ([key, member]) =>
        [
          secrets.masked(key),
          expected(innerName(name, key, member, secrets), member, secrets),
        ] as const,
    ),
  );
}

function isXml(value: object): value is { readonly xml: string } {
  return 'xml' in value && typeof value.xml === 'string' && Object.keys(value).length === 1;
}

/** Parameters of a URL or a form whose name is secret, however short their value is. */
function maskedParameters(text: string, secrets: Secrets): string {
  return text.replace(
    /(?<=[?&]|^)([^=&?#\s"'<>{}]{1,200})=([^&#\s"'<>]+)/g,
    (whole, name: string, value: string) => {
      if (!secrets.isSecret(decoded(name))) return whole;
      const masked = secrets.maskedNamed(name, decoded(value)) ?? 'masked';
      return `${name}=${encodeURIComponent(masked)}`;
    },
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function maskedBytes(base64: string, secrets: Secrets): string {
  const bytes = Buffer.from(base64, 'base64').toString('latin1');
  return Buffer.from(secrets.masked(bytes), 'latin1').toString('base64');
}
