import type { TextTest } from './matches.ts';

/** A literal text, or what stands for `*` (within a segment) or `**` (across segments). */
type PathElement = string | typeof withinSegment | typeof acrossSegments;

const withinSegment = Symbol('*');
const acrossSegments = Symbol('**');
const namedSegment = /\{[^{}/]*\}/y;

/**
 * MatchesPath: `*` and `{name}` stand for any characters but `/`, also for none; `**` stands for at
 * least one character of any kind, but a pattern that is `**` alone covers every text, also the empty
 * one. `%` escapes the character behind it. Names in braces are for the reader and set no variable
 * ("Conditions reference", path expressions). Takes time in proportion to the text's length times the
 * pattern's at most.
 */
export function compilePathPattern(pattern: string): TextTest {
  if (pattern === '**') return () => true;
  const elements = pathElements(pattern);
  const prefix = typeof elements[0] === 'string' ? elements[0] : '';
  if (prefix === pattern || elements.length === 0) return (text) => text === prefix;
  const wildcards = prefix === '' ? elements : elements.slice(1);
  const final = wildcards.at(-1);
  if (final === undefined) return (text) => text === prefix;
  const suffix = typeof final === 'string' ? final : '';
  const middle = suffix === '' ? wildcards : wildcards.slice(0, -1);
  const least = prefix.length + suffix.length;
  const [only] = middle;
  return (text) => {
    if (text.length < least || !text.startsWith(prefix) || !text.endsWith(suffix)) return false;
    const end = text.length - suffix.length;
    if (middle.length > 1) return covers(middle, text, prefix.length, end);
    if (only === acrossSegments) return end > prefix.length;
    const slash = text.indexOf('/', prefix.length);
    return slash < 0 || slash >= end;
  };
}

function pathElements(pattern: string): readonly PathElement[] {
  const elements: PathElement[] = [];
  let literal = '';
  const add = (wildcard: PathElement): void => {
    if (literal !== '') elements.push(literal);
    literal = '';
    elements.push(wildcard);
  };
  for (let at = 0; at < pattern.length;) {
    namedSegment.lastIndex = at;
    const name = namedSegment.exec(pattern)?.[0];
    if (pattern.startsWith('**', at)) {
      add(acrossSegments);
      at += 2;
    } else if (pattern.startsWith('*', at)) {
      add(withinSegment);
      at += 1;
    } else if (name !== undefined) {
      add(withinSegment);
      at += name.length;
    } else {
      if (pattern.startsWith('%', at) && at + 1 < pattern.length) at += 1;
      literal += pattern.charAt(at);
      at += 1;
    }
  }
  if (literal !== '') elements.push(literal);
  return elements;
}

/** Whether the elements cover the text between two places: keeps every place that each can end at. */
function covers(
  elements: readonly PathElement[],
  text: string,
  start: number,
  end: number,
): boolean {
  let places: readonly number[] = [start];
  for (const element of elements) {
    places = placesBehind(element, text, places, end);
    if (places.length === 0) return false;
  }
  return places.at(-1) === end;
}

/** Places come and go in ascending order, each once. */
function placesBehind(
  element: PathElement,
  text: string,
  places: readonly number[],
  end: number,
): readonly number[] {
  const behind: number[] = [];
  if (element === acrossSegments) {
    for (let place = (places[0] ?? end) + 1; place <= end; place += 1) behind.push(place);
  } else if (element === withinSegment) {
    let next = 0;
    let segmentEnd = -1;
    for (const place of places) {
      if (place > segmentEnd) {
        const slash = text.indexOf('/', place);
        segmentEnd = slash < 0 || slash > end ? end : slash;
      }
      for (next = Math.max(next, place); next <= segmentEnd; next += 1) behind.push(next);
    }
  } else {
    for (const place of places) {
      if (text.startsWith(element, place)) behind.push(place + element.length);
    }
  }
  return behind;
}
