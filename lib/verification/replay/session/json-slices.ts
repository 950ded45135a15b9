import { sessionLimits } from './limits.ts';
import type { Slice } from './slice.ts';
import type { TextWindow } from './text-window.ts';
import { foreign, malformed, truncated, UnreadableSession } from './unreadable-session.ts';

/**
 * Cuts a session of Apigee X into the value of `DebugSession` and the elements of `Messages`. An object
 * with `point` is one transaction, as Apigee's API gives it.
 *
 * @throws {UnreadableSession} for what is no session, is cut off, or has too long a transaction
 */
export async function* jsonSlices(window: TextWindow): AsyncGenerator<Slice> {
  const scanner = new JsonScanner(window);
  let isSession = false;
  await scanner.expect('{');
  for (let next = await scanner.peek(); next !== '}'; next = await scanner.separator('}')) {
    const key = await scanner.key();
    await scanner.expect(':');
    const first = await scanner.peek();
    if (key === 'Messages' && first === '[') {
      isSession = true;
      await scanner.expect('[');
      for (let one = await scanner.peek(); one !== ']'; one = await scanner.separator(']')) {
        yield { kind: 'transaction', ...(await scanner.value(sessionLimits.transaction)) };
      }
      await scanner.expect(']');
    } else if (key === 'point') {
      isSession = true;
      const { text, place } = await scanner.value(sessionLimits.transaction);
      yield { kind: 'transaction', text: `{"point":${text}}`, place };
    } else {
      const value = await scanner.value(sessionLimits.head);
      if (key === 'DebugSession') yield { kind: 'head', ...value };
    }
  }
  await scanner.expect('}');
  if (!isSession) throw foreign(scanner.place(), 'The object has no "Messages".');
}

/** Finds where JSON values end; what is between is for JSON.parse to judge. */
class JsonScanner {
  readonly #window: TextWindow;

  constructor(window: TextWindow) {
    this.#window = window;
  }

  place() {
    return this.#window.placeAt(0);
  }

  /** The next character that is no white space; everything before it is dropped. */
  async peek(): Promise<string> {
    if (!(await this.#window.skipSpace())) {
      throw truncated(this.place(), 'before the session does');
    }
    return this.#window.text.charAt(0);
  }

  async expect(character: string): Promise<void> {
    const found = await this.peek();
    if (found !== character) throw this.#unexpected(found, character);
    this.#window.drop(1);
  }

  /** Between members or elements: a comma, behind which the next one must begin, or the end. */
  async separator(end: string): Promise<string> {
    const found = await this.peek();
    if (found === end) return end;
    await this.expect(',');
    const next = await this.peek();
    if (next === end) throw this.#unexpected(next, 'a value');
    return next;
  }

  async key(): Promise<string> {
    if ((await this.peek()) !== '"') throw this.#unexpected(this.#window.text.charAt(0), '"');
    const { text } = await this.value(sessionLimits.head);
    try {
      return String(JSON.parse(text));
    } catch {
      throw malformed(this.place(), 'The name before this place is no JSON text.');
    }
  }

  async value(most: number): Promise<{ text: string; place: ReturnType<TextWindow['placeAt']> }> {
    const first = await this.peek();
    const place = this.place();
    const end =
      first === '"'
        ? await this.#stringEnd(1, most)
        : first === '{' || first === '['
          ? await this.#nestedEnd(most)
          : await this.#plainEnd();
    const text = this.#window.text.slice(0, end);
    this.#window.drop(end);
    return { text, place };
  }

  async #nestedEnd(most: number): Promise<number> {
    const structure = /["{}[\]]/g;
    let depth = 0;
    let at = 0;
    for (;;) {
      structure.lastIndex = at;
      const found = structure.exec(this.#window.text);
      if (found === null) {
        at = this.#window.text.length;
        await this.#grow(most);
        continue;
      }
      at = found.index + 1;
      if (found[0] === '"') at = await this.#stringEnd(at, most);
      else depth += found[0] === '{' || found[0] === '[' ? 1 : -1;
      if (depth === 0) {
        this.#checkLength(at, most);
        return at;
      }
    }
  }

  async #stringEnd(from: number, most: number): Promise<number> {
    const special = /["\\]/g;
    let at = from;
    for (;;) {
      special.lastIndex = at;
      const found = special.exec(this.#window.text);
      if (found === null) {
        at = Math.max(at, this.#window.text.length);
        await this.#grow(most);
      } else if (found[0] === '"') return found.index + 1;
      else at = found.index + 2;
    }
  }

  async #plainEnd(): Promise<number> {
    for (;;) {
      const end = this.#window.text.search(/[\s,\]}]/);
      if (end >= 0) return end;
      await this.#grow(sessionLimits.head);
    }
  }

  async #grow(most: number): Promise<void> {
    this.#checkLength(this.#window.text.length, most);
    if (await this.#window.grow()) return;
    throw truncated(this.place(), 'inside the value that begins here');
  }

  #checkLength(length: number, most: number): void {
    if (length <= most) return;
    throw new UnreadableSession(
      this.place(),
      'session-too-long',
      `The value that begins here is longer than ${most} characters.`,
      'Record the session again with smaller bodies, or take this part out.',
    );
  }

  #unexpected(found: string, expected: string): UnreadableSession {
    return malformed(
      this.place(),
      `${JSON.stringify(found)} stands where ${expected} should be: no JSON.`,
    );
  }
}
