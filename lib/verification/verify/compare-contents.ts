import { isUtf8 } from 'node:buffer';
import type { Difference } from '../matching/difference.ts';
import type { HeaderLines } from '../matching/compare-message.ts';
import { xmlShape } from '../matching/xml-shape.ts';
import type { Tolerances } from '../suite/case.ts';
import type { SideDifference } from './compare-sides.ts';
import { mediaTypeOf } from './header-meaning.ts';
import { exactValue, parseExactJson } from './json-text.ts';
import { coversPath } from './json-tolerance.ts';

interface Content {
  readonly headers: HeaderLines;
  readonly body: Uint8Array;
}

/** Compares two bodies as what their Content-Type says: JSON, a form, XML, text, or bytes. */
export function contentDifferences(
  at: string,
  expected: Content,
  found: Content,
  tolerances: Tolerances,
): readonly SideDifference[] {
  if (Buffer.compare(expected.body, found.body) === 0) return [];
  const differences =
    isUtf8(expected.body) && isUtf8(found.body)
      ? byFormat(at, expected, found)
      : [bytesDifference(at, expected.body, found.body)];
  const paths = tolerances.json ?? [];
  return differences.map((difference) => {
    const path = difference.at.slice(at.length).trim();
    const cover = paths.find((one) => coversPath(one, path));
    return { ...difference, tolerated: cover === undefined ? undefined : `json: ${cover}` };
  });
}

function byFormat(at: string, expected: Content, found: Content): readonly Difference[] {
  const [one, other] = [textOf(expected.body), textOf(found.body)];
  const type = mediaTypeOf(expected.headers);
  if (type === 'application/json' || type.endsWith('+json') || /^\s*[{[]/.test(one)) {
    const [wanted, got] = [parseExactJson(one), parseExactJson(other)];
    if (wanted !== undefined && got !== undefined)
      return memberDifferences(`${at} $`, wanted.value, got.value);
    if (wanted !== undefined)
      return [{ ...whole(at, one, other), note: 'One of them is no JSON.' }];
  }
  if (type === 'application/x-www-form-urlencoded' && one !== '' && other !== '') {
    return memberDifferences(`${at} form`, formOf(one), formOf(other));
  }
  if (type.endsWith('/xml') || type.endsWith('+xml')) {
    const [wanted, got] = [xmlShape(one), xmlShape(other)];
    if (wanted !== undefined && got !== undefined)
      return memberDifferences(`${at} xml`, wanted, got);
  }
  return [whole(at, one, other)];
}

/** An empty body is none. */
function whole(at: string, expected: string, found: string): Difference {
  return {
    at,
    expected: expected === '' ? undefined : expected,
    found: found === '' ? undefined : found,
  };
}

function bytesDifference(at: string, expected: Uint8Array, found: Uint8Array): Difference {
  const first = expected.findIndex((byte, index) => byte !== found[index]);
  const place = first === -1 ? expected.byteLength : first;
  const note = `They are bytes, and differ from byte ${place} on.`;
  return { at, expected: bytesText(expected, place), found: bytesText(found, place), note };
}

function bytesText(bytes: Uint8Array, place: number): string {
  const hex = Buffer.from(bytes.subarray(place, place + 16)).toString('hex');
  return `${bytes.byteLength} bytes, ${hex === '' ? 'none' : hex} at ${place}`;
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
  return expected === found
    ? []
    : [{ at, expected: exactValue(expected), found: exactValue(found) }];
}

function memberOf(at: string, name: string): string {
  return /^[\w-]+$/.test(name) ? `${at}.${name}` : `${at}[${JSON.stringify(name)}]`;
}

function own(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function textOf(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
}

function formOf(text: string): Readonly<Record<string, unknown>> {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const before = values.get(name);
    if (before === undefined) values.set(name, [value]);
    else before.push(value);
  }
  return Object.fromEntries(
    [...values].map(([name, list]) => [name, list.length === 1 ? list[0] : list] as const),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
