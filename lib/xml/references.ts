import { codePointName, isXmlCharacter, ncNamePattern } from './characters.ts';
import { shortened, type SourceText } from './source-text.ts';

const reference = new RegExp(`&(?:#([0-9]+)|#x([0-9a-fA-F]+)|(${ncNamePattern}));`, 'uy');
const unfinished = new RegExp(`&(?:#x?[0-9a-fA-F]*|${ncNamePattern})`, 'uy');

const predefined: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/**
 * Replaces character references and the five predefined entities between two offsets. `literal` is
 * applied to the text around them, so that `&#10;` survives where a raw line end would not.
 */
export function expandReferences(
  source: SourceText,
  start: number,
  end: number,
  literal: (text: string) => string,
): string {
  const raw = source.text.slice(start, end);
  let expanded = '';
  let from = 0;
  for (let at = raw.indexOf('&'); at >= 0; at = raw.indexOf('&', from)) {
    expanded += literal(raw.slice(from, at));
    reference.lastIndex = at;
    const match = reference.exec(raw);
    if (match === null) refuseUnfinished(source, start + at, end);
    const [whole, decimal, hexadecimal, name] = match;
    expanded +=
      name === undefined
        ? characterOf(source, start + at, whole, decimal, hexadecimal)
        : entityOf(source, start + at, name);
    from = at + whole.length;
  }
  return expanded + literal(raw.slice(from));
}

function characterOf(
  source: SourceText,
  at: number,
  whole: string,
  decimal: string | undefined,
  hexadecimal: string | undefined,
): string {
  const codePoint =
    decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number.parseInt(decimal, 10);
  if (isXmlCharacter(codePoint)) return String.fromCodePoint(codePoint);
  const shown =
    codePoint <= 0x10ffff
      ? `${shortened(whole)} is ${codePointName(codePoint)}, which XML forbids`
      : `${shortened(whole)} is beyond the last Unicode character`;
  return source.refuse(
    at,
    'xml-bad-character-reference',
    shown,
    'Remove the reference; control characters cannot stand in XML, not even escaped.',
  );
}

function entityOf(source: SourceText, at: number, name: string): string {
  const character = predefined.get(name);
  if (character !== undefined) return character;
  return source.refuse(
    at,
    'xml-undefined-entity',
    `The entity &${shortened(name)}; is not defined`,
    name === 'nbsp'
      ? 'Write &#160; instead.'
      : 'Only &amp; &lt; &gt; &quot; &apos; exist; write any other character itself or as &#N;.',
  );
}

function refuseUnfinished(source: SourceText, at: number, end: number): never {
  unfinished.lastIndex = at;
  const written = unfinished.exec(source.text.slice(0, end))?.[0];
  if (written === undefined) {
    return source.refuse(at, 'xml-bare-ampersand', 'A bare "&" starts no entity', 'Write &amp;.');
  }
  return source.refuse(
    at,
    written.startsWith('&#') ? 'xml-bad-character-reference' : 'xml-bare-ampersand',
    `${shortened(written)} is not a complete reference`,
    'Write &name; or &#10; or &#xA;, closed by ";", or &amp; for a plain "&".',
  );
}
