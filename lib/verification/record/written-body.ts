import { isUtf8 } from 'node:buffer';
import { conditionOf, type Matcher } from '../matching/matcher.ts';
import { xmlShape } from '../matching/xml-shape.ts';
import type { BodyInit, ExpectedBody } from '../suite/case.ts';
import { exactValue, parseExactJson } from '../verify/json-text.ts';

/** A body as a case sends it: to the byte. */
export function bodyInit(body: Uint8Array): BodyInit {
  if (!isUtf8(body)) return { base64: Buffer.from(body).toString('base64') };
  const text = Buffer.from(body).toString('utf8');
  const json = dataOf(text);
  return json !== undefined && JSON.stringify(json.value) === text ? { json: json.value } : text;
}

/** A body as a case expects it: as what its type says it is. */
export function expectedBody(body: Uint8Array, type: string): ExpectedBody {
  if (body.byteLength === 0) return null;
  if (!isUtf8(body)) return { size: body.byteLength };
  const text = Buffer.from(body).toString('utf8');
  const json = type.includes('json') || /^\s*[[{]/.test(text) ? dataOf(text) : undefined;
  if (json !== undefined) return { json: asMatcher(json.value) };
  if (type === 'application/x-www-form-urlencoded') return { form: formOf(text) };
  if (/\bxml$/.test(type) && xmlShape(text) !== undefined) return { xml: text };
  return text;
}

/** JSON that a file of cases can hold without losing a digit. */
function dataOf(text: string): { readonly value: unknown } | undefined {
  const json = parseExactJson(text);
  if (json === undefined || typeof json.value !== 'object' || json.value === null) return undefined;
  const isWritable = JSON.stringify(exactValueText(json.value)) === JSON.stringify(json.value);
  return isWritable ? json : undefined;
}

function exactValueText(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(exactValue(value), (_name, member: unknown) =>
      typeof member === 'bigint' ? member.toString() : member,
    ),
  ) as unknown;
}

/** Data that looks like a condition is told to be data. */
function asMatcher(value: unknown): Matcher {
  if (Array.isArray(value)) return value.map(asMatcher);
  if (typeof value === 'object' && value !== null) {
    if (conditionOf(value) !== undefined) return { equals: value };
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, asMatcher(member)] as const),
    );
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : null;
}

function formOf(text: string): Readonly<Record<string, Matcher>> {
  const parameters = new URLSearchParams(text);
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values] as const;
    }),
  );
}
