import type { Difference } from '../matching/difference.ts';
import type { HeaderLines } from '../matching/compare-message.ts';
import { compareValue } from '../matching/compare-value.ts';
import { xmlShape } from '../matching/xml-shape.ts';
import type { Tolerances } from '../suite/case.ts';
import type { SideDifference } from './compare-sides.ts';
import { coversPath } from './json-tolerance.ts';

interface Content {
  readonly headers: HeaderLines;
  readonly body: Uint8Array;
}

/** Compares two bodies as what their Content-Type says: JSON, a form, XML, or bytes. */
export function contentDifferences(
  at: string,
  expected: Content,
  found: Content,
  tolerances: Tolerances,
): readonly SideDifference[] {
  if (Buffer.compare(expected.body, found.body) === 0) return [];
  const differences = byFormat(at, expected, found);
  const paths = tolerances.json ?? [];
  return differences.map((difference) => {
    const path = difference.at.slice(at.length).trim();
    const cover = paths.find((one) => coversPath(one, path));
    return { ...difference, tolerated: cover === undefined ? undefined : `json: ${cover}` };
  });
}

function byFormat(at: string, expected: Content, found: Content): readonly Difference[] {
  const [one, other] = [textOf(expected), textOf(found)];
  const type = mediaType(expected.headers);
  if (type === 'application/json' || type.endsWith('+json') || isJson(one)) {
    const [wanted, got] = [parsed(one), parsed(other)];
    if (wanted !== undefined && got !== undefined)
      return compareValue(`${at} $`, got.value, { equals: wanted.value }).length === 0
        ? []
        : memberDifferences(`${at} $`, wanted.value, got.value);
  }
  if (type === 'application/x-www-form-urlencoded' && one !== '' && other !== '') {
    return memberDifferences(`${at} form`, formOf(one), formOf(other));
  }
  if (type.endsWith('/xml') || type.endsWith('+xml')) {
    const [wanted, got] = [xmlShape(one), xmlShape(other)];
    if (wanted !== undefined && got !== undefined)
      return memberDifferences(`${at} xml`, wanted, got);
  }
  return [{ at, expected: one, found: other }];
}

/** Every member that differs, so that a tolerance can cover one of them. */
function memberDifferences(at: string, expected: unknown, found: unknown): readonly Difference[] {
  if (Array.isArray(expected) && Array.isArray(found)) {
    const length = Math.max(expected.length, found.length);
    return Array.from({ length }, (_, index) =>
      memberDifferences(`${at}[${index}]`, expected[index], found[index]),
    ).flat();
  }
  if (isRecord(expected) && isRecord(found)) {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
    return names.flatMap((name) =>
      memberDifferences(memberOf(at, name), own(expected, name), own(found, name)),
    );
  }
  return Object.is(expected, found) ? [] : [{ at, expected, found }];
}

function memberOf(at: string, name: string): string {
  return /^[\w-]+$/.test(name) ? `${at}.${name}` : `${at}[${JSON.stringify(name)}]`;
}

function own(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function mediaType(lines: HeaderLines): string {
  const value = lines.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  return (value.split(';')[0] ?? '').trim().toLowerCase();
}

function textOf({ body }: Content): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
}

function isJson(text: string): boolean {
  return /^\s*[{[]/.test(text) && parsed(text) !== undefined;
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function formOf(text: string): Readonly<Record<string, unknown>> {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const before = values.get(name);
    if (before === undefined) values.set(name, [value]);
    else before.push(value);
  }
  return Object.fromEntries(values);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
