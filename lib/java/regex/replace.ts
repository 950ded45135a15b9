import { JavaReplacementError } from './error.ts';

/** A piece of a replacement text. */
type Piece = { readonly text: string } | { readonly group: number };

/**
 * Reads a replacement text as Matcher.appendReplacement does: `$1`, `${name}`, `\` before a
 * character that shall stand for itself.
 * @param groupCount groups of the expression, group 0 included
 * @throws {JavaReplacementError} with Java's message
 */
export function parseReplacement(
  replacement: string,
  groupCount: number,
  groupNames: ReadonlyMap<string, number>,
): readonly Piece[] {
  const pieces: Piece[] = [];
  let text = '';
  let at = 0;
  while (at < replacement.length) {
    const character = replacement.charAt(at++);
    if (character === '\\') {
      if (at === replacement.length) {
        throw new JavaReplacementError('character to be escaped is missing');
      }
      text += replacement.charAt(at++);
    } else if (character === '$') {
      const reference = readReference(replacement, at, groupCount, groupNames);
      if (text !== '') pieces.push({ text });
      text = '';
      pieces.push({ group: reference.group });
      at = reference.end;
    } else {
      text += character;
    }
  }
  if (text !== '') pieces.push({ text });
  return pieces;
}

interface Reference {
  readonly group: number;
  readonly end: number;
}

function readReference(
  replacement: string,
  start: number,
  groupCount: number,
  groupNames: ReadonlyMap<string, number>,
): Reference {
  if (start === replacement.length) {
    throw new JavaReplacementError('Illegal group reference: group index is missing');
  }
  if (replacement.charAt(start) === '{') return readName(replacement, start + 1, groupNames);
  const digits = /^[0-9]+/.exec(replacement.slice(start))?.[0];
  if (digits === undefined) throw new JavaReplacementError('Illegal group reference');
  let group = Number(digits.charAt(0));
  let length = 1;
  // Further digits belong to the number only while such a group exists.
  for (; length < digits.length; length++) {
    const longer = group * 10 + Number(digits.charAt(length));
    if (longer >= groupCount) break;
    group = longer;
  }
  if (group >= groupCount) throw new JavaReplacementError(`No group ${group}`);
  return { group, end: start + length };
}

function readName(
  replacement: string,
  start: number,
  groupNames: ReadonlyMap<string, number>,
): Reference {
  const name = /^[A-Za-z0-9]*/.exec(replacement.slice(start))?.[0] ?? '';
  const end = start + name.length;
  if (name === '') {
    throw new JavaReplacementError('named capturing group has 0 length name');
  }
  if (replacement.charAt(end) !== '}') {
    throw new JavaReplacementError("named capturing group is missing trailing '}'");
  }
  if (/^[0-9]/.test(name)) {
    throw new JavaReplacementError(`capturing group name {${name}} starts with digit character`);
  }
  const group = groupNames.get(name);
  if (group === undefined) throw new JavaReplacementError(`No group with name {${name}}`);
  return { group, end: end + 1 };
}

/** The text that takes a match's place. */
export function fillReplacement(
  pieces: readonly Piece[],
  groups: readonly (string | null)[],
): string {
  return pieces
    .map((piece) => ('text' in piece ? piece.text : (groups[piece.group] ?? '')))
    .join('');
}
