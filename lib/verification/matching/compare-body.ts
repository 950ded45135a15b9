import type { ExpectedBody } from '../suite/case.ts';
import { compareValue } from './compare-value.ts';
import type { Difference } from './difference.ts';
import { conditionOf } from './matcher.ts';
import { xmlShape } from './xml-shape.ts';

/** Compares a body as what the expectation says it is. */
export function compareBody(
  at: string,
  body: Uint8Array,
  expected: ExpectedBody,
): readonly Difference[] {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  const condition = conditionOf(expected);
  if (typeof expected === 'string' || condition !== undefined) {
    return compareValue(at, text === '' && condition !== undefined ? undefined : text, expected);
  }
  if (expected === null) return compareValue(at, text === '' ? null : text, null);
  if ('json' in expected) return compareJson(at, text, expected.json);
  if ('form' in expected) return compareForm(at, text, expected.form);
  if ('xml' in expected) return compareXml(at, text, expected.xml);
  if ('size' in expected) return compareValue(`${at} size`, body.byteLength, expected.size);
  return [];
}

function compareJson(at: string, text: string, expected: unknown): readonly Difference[] {
  const wrong = (note: string): readonly Difference[] => [
    { at, expected: { json: expected }, found: text, note },
  ];
  if (nestsTooDeeply(text)) return wrong(`It nests deeper than ${deepestJson} levels.`);
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return wrong('It is not JSON.');
  }
  return compareValue(`${at} $`, found, expected);
}

/** Reports write what was found as JSON again, which recurses. */
const deepestJson = 500;

function nestsTooDeeply(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{]|[\]}]/gs)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    if (depth > deepestJson) return true;
  }
  return false;
}

/** Several values of one name are a list. */
function compareForm(
  at: string,
  text: string,
  expected: Readonly<Record<string, unknown>>,
): readonly Difference[] {
  return compareValue(`${at} form`, parametersOf(text), expected);
}

function parametersOf(text: string): Readonly<Record<string, unknown>> {
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

/** Compares documents without regard to the order of attributes, prefixes, and blanks between elements. */
function compareXml(at: string, text: string, expected: string): readonly Difference[] {
  const [found, wanted] = [xmlShape(text), xmlShape(expected)];
  if (found === undefined || wanted === undefined) {
    const whose = found === undefined ? 'It' : 'What is expected';
    return [{ at, expected: { xml: expected }, found: text, note: `${whose} is not XML.` }];
  }
  const isSame = JSON.stringify(found) === JSON.stringify(wanted);
  return isSame ? [] : compareValue(`${at} xml`, found, { equals: wanted });
}
