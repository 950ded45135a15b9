import { unbounded, type ParsedRegex, type RegexNode } from './ast.ts';
import { anyOf, singleSet, type CharacterSet } from './character-set.ts';
import { noFlags } from './flags.ts';
import type { Matcher } from './match.ts';
import { compiledSet, type CompiledSet } from './program.ts';

/** What is known about where a match can start; it saves attempts and never changes a verdict. */
export interface StartHint {
  /** Surrogate pairs are stepped over as a whole. */
  readonly byCodePoint: boolean;
  /** A match starts with this text. */
  readonly prefix: string;
  /** A match starts with a member of this set. */
  readonly first: CompiledSet | undefined;
  /** A match starts where the input does. */
  readonly atBeginning: boolean;
  /** A match starts with any number of these: an attempt that fails speaks for all within them. */
  readonly run: CompiledSet | undefined;
}

/** Finds what narrows the search for a start. */
export function startHint({ root, hasBackReference, stepsByCodePoint }: ParsedRegex): StartHint {
  const leading = root.kind === 'sequence' ? root.items[0] : root;
  const first = firstOf(root);
  const run = leading === undefined ? undefined : leadingRun(leading);
  return {
    byCodePoint: stepsByCodePoint,
    prefix: leading?.kind === 'literal' ? leading.text : '',
    first: first === undefined || first.optional ? undefined : compiledSet(first.set),
    atBeginning: leading?.kind === 'anchor' && leading.anchor === 'beginning',
    run:
      run === undefined || hasBackReference || keepsCaptures(root) ? undefined : compiledSet(run),
  };
}

function leadingRun(node: RegexNode): CharacterSet | undefined {
  if (node.kind !== 'repeat' || node.max !== unbounded) return undefined;
  return node.body.kind === 'set' ? node.body.set : undefined;
}

interface First {
  readonly set: CharacterSet;
  /** Whether the node can match without taking any text. */
  readonly optional: boolean;
}

const noText: First = { set: () => false, optional: true };

/**
 * What a node can begin with; undefined when that is not known. A look-around is not, nor is what
 * matches no text on its own: its captures outlive a failed attempt, so the attempt must be made.
 */
function firstOf(node: RegexNode): First | undefined {
  switch (node.kind) {
    case 'empty':
    case 'anchor':
      return noText;
    case 'literal': {
      const codePoint = node.text.codePointAt(0);
      if (codePoint === undefined) return noText;
      return { set: singleSet(codePoint, noFlags), optional: false };
    }
    case 'set':
      return { set: node.set, optional: false };
    case 'group':
      return firstOf(node.body);
    case 'atomic': {
      const body = firstOf(node.body);
      return body?.optional === true ? undefined : body;
    }
    case 'repeat': {
      const body = firstOf(node.body);
      if (body?.optional === true) return undefined;
      return body && { ...body, optional: node.min === 0 };
    }
    case 'sequence': {
      const sets: CharacterSet[] = [];
      for (const item of node.items) {
        const next = firstOf(item);
        if (next === undefined) return undefined;
        sets.push(next.set);
        if (!next.optional) return { set: anyOf(sets), optional: false };
      }
      return { set: anyOf(sets), optional: true };
    }
    case 'alternation': {
      const sets: CharacterSet[] = [];
      let optional = false;
      for (const branch of node.branches) {
        const next = firstOf(branch);
        if (next === undefined) return undefined;
        sets.push(next.set);
        optional ||= next.optional;
      }
      return { set: anyOf(sets), optional };
    }
    case 'look':
    case 'back reference':
    case 'line break':
    case 'grapheme':
      return undefined;
  }
}

/** Whether captures may outlive a failed attempt. */
function keepsCaptures(node: RegexNode): boolean {
  switch (node.kind) {
    case 'look':
    case 'atomic':
      return true;
    case 'group':
      return keepsCaptures(node.body);
    case 'repeat':
      if (node.body.kind === 'group' && node.quantifier !== 'question mark') return true;
      return keepsCaptures(node.body);
    case 'sequence':
      return node.items.some(keepsCaptures);
    case 'alternation':
      return node.branches.some(keepsCaptures);
    case 'empty':
    case 'literal':
    case 'set':
    case 'back reference':
    case 'anchor':
    case 'line break':
    case 'grapheme':
      return false;
  }
}

function holds({ has, latin }: CompiledSet, input: string, position: number): boolean {
  const codePoint = input.codePointAt(position);
  if (codePoint === undefined) return false;
  return codePoint < 256 ? latin[codePoint] === 1 : has(codePoint);
}

/** Tries one start after another; the matcher then holds the match. */
export function searchFrom(
  matcher: Matcher,
  hint: StartHint,
  input: string,
  from: number,
): boolean {
  const { prefix, first, run } = hint;
  if (hint.atBeginning) return from === 0 && matcher.matchAt(0);
  for (let start = from; start <= input.length; start++) {
    if (prefix !== '' && !hint.byCodePoint) {
      start = input.indexOf(prefix, start);
      if (start < 0) return false;
    }
    if (first === undefined || holds(first, input, start)) {
      if (matcher.matchAt(start)) return true;
      if (run !== undefined) {
        while (holds(run, input, start)) start++;
      }
    }
    if (hint.byCodePoint && (input.codePointAt(start) ?? 0) > 0xffff) start++;
  }
  return false;
}
