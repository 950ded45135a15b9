import { sessionLimits } from './limits.ts';
import type { Slice } from './slice.ts';
import type { TextWindow } from './text-window.ts';
import { foreign, malformed, truncated, UnreadableSession } from './unreadable-session.ts';

const tagName = /^<\/?([^\s/>]*)/;

/** Where the slice that is being read began. */
interface Open {
  readonly kind: Slice['kind'];
  readonly start: number;
  readonly depth: number;
}

/**
 * Cuts an Edge session into its elements without building a tree: every child of DebugSession but
 * Messages, and every Message. Comments, CDATA sections and processing instructions may hold anything.
 *
 * @throws {UnreadableSession} for what is no session, is cut off, or has too long a transaction
 */
export async function* xmlSlices(window: TextWindow): AsyncGenerator<Slice> {
  const names: string[] = [];
  let depth = 0;
  let at = 0;
  let open: Open | undefined;
  let hasRoot = false;
  for (;;) {
    const from = open?.start ?? at;
    const most = open === undefined ? Infinity : limitOf(open.kind) - (at - from);
    const found = window.text.indexOf('<', at);
    if (found < 0) {
      if (open === undefined) window.drop(window.text.length);
      at = window.text.length;
      if (most < 0) throw tooLong(window, open);
      if (await window.grow()) continue;
      if (depth > 0) throw truncated(window.placeAt(from), `inside <${names.at(-1) ?? ''}>`);
      if (!hasRoot) throw foreign(window.placeAt(at), 'The file holds no <DebugSession>.');
      return;
    }
    const token = await tokenAt(window, found);
    if (token === undefined) {
      throw truncated(window.placeAt(open?.start ?? found), `inside the markup that begins here`);
    }
    const { kind, end } = token;
    if (open !== undefined && end - open.start > limitOf(open.kind)) throw tooLong(window, open);
    at = end;
    if (kind === 'passed') {
      if (open === undefined) at = dropTo(window, end);
      continue;
    }
    const name = tagName.exec(window.text.slice(found, Math.min(end, found + 200)))?.[1] ?? '';
    if (kind === 'end') {
      depth -= 1;
      const opened = depth < 3 ? names.pop() : name;
      if (opened !== name) {
        const expected = opened === undefined ? 'no end tag' : `</${opened}>`;
        throw malformed(window.placeAt(found), `</${name}> stands where ${expected} belongs.`);
      }
    } else {
      if (depth === 0) {
        if (hasRoot || name !== 'DebugSession') {
          throw foreign(window.placeAt(found), `<${name}> is no debug session.`);
        }
        hasRoot = true;
      }
      const sliceKind = open === undefined ? kindOf(name, depth) : undefined;
      if (sliceKind !== undefined) open = { kind: sliceKind, start: found, depth };
      if (kind === 'start') {
        if (depth < 3) names.push(name);
        depth += 1;
      }
    }
    if (open?.depth === depth && (kind === 'end' || kind === 'empty')) {
      const text = window.text.slice(open.start, end);
      const place = window.placeAt(open.start);
      const { kind: sliceKind } = open;
      open = undefined;
      at = dropTo(window, end);
      yield { kind: sliceKind, text, place };
    } else if (open === undefined) at = dropTo(window, end);
  }
}

function kindOf(name: string, depth: number): Slice['kind'] | undefined {
  if (depth === 2 && name === 'Message') return 'transaction';
  return depth === 1 && name !== 'Messages' ? 'head' : undefined;
}

function limitOf(kind: Slice['kind']): number {
  return sessionLimits[kind];
}

function tooLong(window: TextWindow, open: Open | undefined): UnreadableSession {
  const kind = open?.kind ?? 'head';
  return new UnreadableSession(
    window.placeAt(open?.start ?? 0),
    'session-too-long',
    `One ${kind === 'transaction' ? '<Message>' : 'element'} is longer than ${limitOf(kind)} characters.`,
    'Record the session again with smaller bodies, or take this part out.',
  );
}

function dropTo(window: TextWindow, end: number): number {
  window.drop(end);
  return 0;
}

interface Token {
  readonly kind: 'passed' | 'start' | 'empty' | 'end';
  readonly end: number;
}

/** The markup that begins at a `<`; undefined if the file ends within it. */
async function tokenAt(window: TextWindow, start: number): Promise<Token | undefined> {
  // As many characters as the longest opening, `<![CDATA[`, has.
  while (window.text.length - start < 9 && (await window.grow())) continue;
  const { text } = window;
  if (text.startsWith('<!--', start)) return passed(window, '-->', start + 4);
  if (text.startsWith('<![CDATA[', start)) return passed(window, ']]>', start + 9);
  if (text.startsWith('<?', start)) return passed(window, '?>', start + 2);
  if (text.startsWith('<!', start)) {
    const tail = text.slice(start);
    if ('<!--'.startsWith(tail) || '<![CDATA['.startsWith(tail)) return undefined;
    throw malformed(window.placeAt(start), 'A session has no document type declaration.');
  }
  const end = await tagEnd(window, start);
  if (end === undefined) return undefined;
  const isEnd = window.text.startsWith('</', start);
  const isEmpty = window.text.startsWith('/>', end - 2);
  return { kind: isEnd ? 'end' : isEmpty ? 'empty' : 'start', end };
}

/** Behind the `>` of the tag that begins at a `<`; quotes may hold one. */
async function tagEnd(window: TextWindow, start: number): Promise<number | undefined> {
  const marks = /[<>"']/g;
  for (let at = start + 1; ;) {
    marks.lastIndex = at;
    const found = marks.exec(window.text);
    if (found === null) {
      at = window.text.length;
      if (at - start > sessionLimits.transaction) {
        throw malformed(window.placeAt(start), 'The tag that begins here does not end.');
      }
      if (!(await window.grow())) return undefined;
    } else if (found[0] === '>') return found.index + 1;
    else if (found[0] === '<') {
      throw malformed(window.placeAt(found.index), '"<" stands inside a tag.');
    } else {
      const close = await window.find(found[0], found.index + 1, sessionLimits.transaction);
      if (close === undefined) return undefined;
      at = close + 1;
    }
  }
}

async function passed(window: TextWindow, end: string, from: number): Promise<Token | undefined> {
  const at = await window.find(end, from, sessionLimits.transaction);
  return at === undefined ? undefined : { kind: 'passed', end: at + end.length };
}
