import type { Location } from '../diagnostic/location.ts';
import { nameContinuesPattern, qNamePattern, withLineFeeds } from './characters.ts';
import type { XmlLimits } from './limits.ts';
import { expandReferences } from './references.ts';
import { shortened, type SourceText } from './source-text.ts';

/** A name before its prefix is resolved. */
export interface WrittenName {
  readonly written: string;
  readonly prefix: string;
  readonly local: string;
}

export interface WrittenAttribute extends WrittenName {
  readonly value: string;
  readonly location: Location;
}

export interface StartTag extends WrittenName {
  readonly location: Location;
  /** By their names as written, in document order. */
  readonly attributes: ReadonlyMap<string, WrittenAttribute>;
  /** Whether the tag is also the end of its element, `<a/>`. */
  readonly closed: boolean;
  /** The offset behind `>`. */
  readonly end: number;
}

const qName = new RegExp(`${qNamePattern}(?!${nameContinuesPattern})`, 'uy');
/** Most names, found several times faster than by the full classes; must end at a delimiter. */
const plainName = /[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?(?=[\s=/>])/y;
const none: ReadonlyMap<string, WrittenAttribute> = new Map();
const badName = /[^\s<>/="'&]+/uy;

/** Reads the name at an offset, or refuses the document. */
export function readName(source: SourceText, at: number, what: string): WrittenName {
  const end = endOfMatch(plainName, source.text, at) ?? endOfMatch(qName, source.text, at);
  if (end !== undefined) {
    const written = source.text.slice(at, end);
    const colon = written.indexOf(':');
    if (colon < 0) return { written, prefix: '', local: written };
    return { written, prefix: written.slice(0, colon), local: written.slice(colon + 1) };
  }
  const bad = endOfMatch(badName, source.text, at);
  return source.refuse(
    at,
    'xml-bad-name',
    bad === undefined
      ? `Expected ${what}, found ${source.describe(at)}`
      : `"${shortened(source.text.slice(at, bad))}" is not a valid name`,
    'Start a name with a letter or "_", go on with letters, digits, "-", "_" or ".", with at most one ":" inside.',
  );
}

function endOfMatch(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** Reads the start tag or empty-element tag whose `<` stands at an offset. */
export function readStartTag(source: SourceText, at: number, limits: XmlLimits): StartTag {
  const { text } = source;
  const name = readName(source, at + 1, 'the name of an element');
  const { written, prefix, local } = name;
  const location = source.locate(at);
  let attributes: Map<string, WrittenAttribute> | undefined;
  let offset = at + 1 + written.length;
  for (;;) {
    const next = source.skipWhiteSpace(offset);
    const closed = text.startsWith('/>', next);
    if (closed || text.startsWith('>', next)) {
      const end = closed ? next + 2 : next + 1;
      return { written, prefix, local, location, attributes: attributes ?? none, closed, end };
    }
    checkGoesOn(source, next, name, location);
    if (next === offset) refuseMissingSpace(source, next, name, attributes ?? none);
    const { attribute, end } = readAttribute(source, next, limits);
    attributes ??= new Map();
    if (attributes.has(attribute.written)) refuseDuplicate(source, attribute, name);
    if (attributes.size >= limits.attributesPerElement) {
      source.refuse(
        attribute.location,
        'xml-too-many-attributes',
        `<${shortened(written)}> has more than ${limits.attributesPerElement} attributes`,
        'Use child elements instead of so many attributes.',
      );
    }
    attributes.set(attribute.written, attribute);
    offset = end;
  }
}

function refuseDuplicate(
  source: SourceText,
  attribute: WrittenAttribute,
  element: WrittenName,
): never {
  return source.refuse(
    attribute.location,
    'xml-duplicate-attribute',
    `<${shortened(element.written)}> has the attribute ${shortened(attribute.written)} twice`,
    'Remove one of the two.',
  );
}

function checkGoesOn(source: SourceText, at: number, name: WrittenName, start: Location): void {
  const { text } = source;
  const close = `Close the tag with ">" or "/>".`;
  if (at >= text.length) {
    const message = `The tag <${shortened(name.written)} is never closed`;
    source.refuse(start, 'xml-unclosed-tag', message, close);
  }
  if (text.startsWith('<', at)) {
    const message = `A "<" stands inside the tag <${shortened(name.written)}`;
    source.refuse(at, 'xml-unclosed-tag', message, `Close the tag with ">" before it.`);
  }
  if (text.startsWith('/', at)) {
    source.refuse(at, 'xml-unclosed-tag', 'A "/" in a tag must be followed by ">"', close);
  }
}

function refuseMissingSpace(
  source: SourceText,
  at: number,
  name: WrittenName,
  attributes: ReadonlyMap<string, WrittenAttribute>,
): never {
  const previous = [...attributes.values()].at(-1);
  if (previous === undefined) {
    const written = shortened(name.written);
    const message = `${source.describe(at)} cannot stand right behind the name ${written}`;
    return source.refuse(at, 'xml-bad-name', message, 'Put a space or ">" behind the name.');
  }
  return source.refuse(
    at,
    'xml-missing-space',
    `White space is missing behind the attribute ${shortened(previous.written)}`,
    'Put a space between two attributes.',
  );
}

function readAttribute(
  source: SourceText,
  at: number,
  limits: XmlLimits,
): { readonly attribute: WrittenAttribute; readonly end: number } {
  const { text } = source;
  const name = readName(source, at, 'the name of an attribute');
  const location = source.locate(at);
  const shown = shortened(name.written);
  const equals = source.skipWhiteSpace(at + name.written.length);
  if (!text.startsWith('=', equals)) {
    source.refuse(
      location,
      'xml-attribute-without-value',
      `The attribute ${shown} has no value`,
      `Write ${shown}="…".`,
    );
  }
  const open = source.skipWhiteSpace(equals + 1);
  const quote = text.charAt(open);
  if (quote !== '"' && quote !== "'") {
    source.refuse(
      open,
      'xml-unquoted-attribute',
      `The value of the attribute ${shown} is not quoted`,
      `Write ${shown}="…".`,
    );
  }
  const close = readQuoted(source, open, quote, shown);
  if (close - open - 1 > limits.attributeLength) {
    source.refuse(
      location,
      'xml-attribute-too-long',
      `The value of the attribute ${shown} is longer than ${limits.attributeLength} characters`,
      'Put long texts into an element.',
    );
  }
  const value = expandReferences(source, open + 1, close, withSpaces);
  const { written, prefix, local } = name;
  return { attribute: { written, prefix, local, value, location }, end: close + 1 };
}

const upToDoubleQuote = /[^<"]*/y;
const upToSingleQuote = /[^<']*/y;

function readQuoted(source: SourceText, open: number, quote: string, shown: string): number {
  const pattern = quote === '"' ? upToDoubleQuote : upToSingleQuote;
  pattern.lastIndex = open + 1;
  pattern.test(source.text);
  const end = pattern.lastIndex;
  if (source.text.startsWith(quote, end)) return end;
  if (end >= source.text.length) {
    return source.refuse(
      open,
      'xml-unclosed-attribute',
      `The value of the attribute ${shown} is never closed`,
      `Close it with ${quote}.`,
    );
  }
  return source.refuse(
    end,
    'xml-lt-in-attribute',
    `A "<" stands in the value of the attribute ${shown}`,
    `Write &lt;, or close the value with ${quote} before it.`,
  );
}

/** Attribute-value normalisation, XML 1.0 section 3.3.3, for the text outside references. */
function withSpaces(text: string): string {
  return /[\t\n\r]/.test(text) ? withLineFeeds(text).replace(/[\t\n]/g, ' ') : text;
}
