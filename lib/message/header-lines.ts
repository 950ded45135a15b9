/** One header line: the name as spelled and the raw value. */
export type HeaderLine = readonly [name: string, value: string];

/** The one header whose values hold commas and may not be joined (RFC 6265, section 3). */
const UNSPLIT = 'set-cookie';

/**
 * The header lines of one message, kept as they came. Names are looked up whatever their case, and
 * a line is split at commas only for a reader, so a header that nobody touches leaves as it arrived.
 * Values are counted from 1, across lines ("Flow variables reference", `header.NAME.N`).
 */
export class HeaderLines {
  #lines: HeaderLine[];
  /** Lower-case names, parallel to the lines. */
  #keys: string[];
  /** Lists that somebody else holds are never altered in place: they and clones stay as they were. */
  #isShared = false;

  constructor(lines: Iterable<HeaderLine> = []) {
    this.#lines = [...lines];
    this.#keys = this.#lines.map(([name]) => name.toLowerCase());
  }

  lines(): readonly HeaderLine[] {
    this.#isShared = true;
    return this.#lines;
  }

  has(name: string): boolean {
    return this.#place(name) >= 0;
  }

  /** The first value, up to the first comma; undefined if there is no such header. */
  first(name: string): string | undefined {
    const at = this.#place(name);
    const line = this.#lines[at];
    if (line === undefined) return undefined;
    const comma = line[1].indexOf(',');
    return comma < 0 || this.#keys[at] === UNSPLIT ? line[1] : line[1].slice(0, comma).trim();
  }

  value(name: string, index: number): string | undefined {
    return this.values(name)[index - 1];
  }

  values(name: string): readonly string[] {
    const key = name.toLowerCase();
    const values: string[] = [];
    for (const text of this.#texts(key)) {
      const found = pieces(key, text);
      if (found.length === 1) values.push(text);
      else for (const piece of found) values.push(piece.trim());
    }
    return values;
  }

  /** The raw lines of one header joined with `,`; undefined if there is no such header. */
  text(name: string): string | undefined {
    const texts = this.#texts(name.toLowerCase());
    return texts.length > 1 ? texts.join(',') : texts[0];
  }

  /** Replaces every line of that name by one, where the first of them stood. */
  set(name: string, value: string): void {
    const key = name.toLowerCase();
    const at = this.#keys.indexOf(key);
    if (at < 0) {
      this.add(name, value);
      return;
    }
    this.#rewrite((line, place) => {
      if (this.#keys[place] !== key) return line;
      return place === at ? [name, value] : undefined;
    });
  }

  /** Appends a line. */
  add(name: string, value: string): void {
    this.#own();
    this.#lines.push([name, value]);
    this.#keys.push(name.toLowerCase());
  }

  addAll(lines: readonly HeaderLine[]): void {
    if (this.#lines.length === 0) {
      this.#replace([...lines]);
      return;
    }
    this.#own();
    for (const line of lines) {
      this.#lines.push(line);
      this.#keys.push(line[0].toLowerCase());
    }
  }

  /** Puts these lines in the place of every line that has one of their names. */
  setAll(lines: readonly HeaderLine[]): void {
    const replaced = new Set(lines.map(([name]) => name.toLowerCase()));
    const kept = this.#lines.filter((_, at) => !replaced.has(this.#keys[at] ?? ''));
    this.#replace([...kept, ...lines]);
  }

  remove(name: string): void {
    const key = name.toLowerCase();
    if (!this.#keys.includes(key)) return;
    this.#rewrite((line, at) => (this.#keys[at] === key ? undefined : line));
  }

  /** Replaces the Nth value and leaves the others' text alone; with fewer than N values, adds one. */
  setValue(name: string, index: number, value: string): void {
    if (!this.#rewriteValue(name, index, value)) this.add(name, value);
  }

  /** Removes the Nth value; a line without values goes too. */
  removeValue(name: string, index: number): void {
    this.#rewriteValue(name, index, undefined);
  }

  clear(): void {
    this.#replace([]);
  }

  /** Every name once, spelled as in its first line. */
  names(): readonly string[] {
    const names = new Map<string, string>();
    for (const [at, [name]] of this.#lines.entries()) {
      const key = this.#keys[at] ?? '';
      if (!names.has(key)) names.set(key, name);
    }
    return [...names.values()];
  }

  clone(): HeaderLines {
    const copy = new HeaderLines();
    this.#isShared = true;
    copy.#isShared = true;
    copy.#lines = this.#lines;
    copy.#keys = this.#keys;
    return copy;
  }

  /** Makes the lists this object's alone, before they are altered in place. */
  #own(): void {
    if (!this.#isShared) return;
    this.#lines = [...this.#lines];
    this.#keys = [...this.#keys];
    this.#isShared = false;
  }

  /** Of the first line of that name. Looks before it folds the case: compiled names are folded already. */
  #place(name: string): number {
    const at = this.#keys.indexOf(name);
    if (at >= 0) return at;
    const key = name.toLowerCase();
    return key === name ? -1 : this.#keys.indexOf(key);
  }

  #texts(key: string): readonly string[] {
    const texts: string[] = [];
    for (let at = this.#keys.indexOf(key); at >= 0; at = this.#keys.indexOf(key, at + 1)) {
      texts.push(this.#lines[at]?.[1] ?? '');
    }
    return texts;
  }

  #rewriteValue(name: string, index: number, value: string | undefined): boolean {
    const key = name.toLowerCase();
    let before = 0;
    for (const [at, [spelled, text]] of this.#lines.entries()) {
      if (this.#keys[at] !== key) continue;
      const values = pieces(key, text);
      const place = index - 1 - before;
      before += values.length;
      if (place >= values.length) continue;
      const rewritten =
        value === undefined ? without(values, place) : withValue(values, place, value);
      const changed: HeaderLine | undefined =
        rewritten === undefined ? undefined : [spelled, rewritten];
      this.#rewrite((line, other) => (other === at ? changed : line));
      return true;
    }
    return false;
  }

  #rewrite(change: (line: HeaderLine, at: number) => HeaderLine | undefined): void {
    const lines: HeaderLine[] = [];
    for (const [at, line] of this.#lines.entries()) {
      const changed = change(line, at);
      if (changed !== undefined) lines.push(changed);
    }
    this.#replace(lines);
  }

  /** Takes the list over. */
  #replace(lines: HeaderLine[]): void {
    this.#isShared = false;
    this.#lines = lines;
    this.#keys = lines.map(([name]) => name.toLowerCase());
  }
}

function pieces(key: string, text: string): string[] {
  return key === UNSPLIT ? [text] : text.split(',');
}

/** The line without one value; undefined if it was the only one. */
function without(values: readonly string[], place: number): string | undefined {
  return values.length === 1 ? undefined : values.toSpliced(place, 1).join(',').trim();
}

function withValue(values: readonly string[], place: number, value: string): string {
  const old = values[place] ?? '';
  const blanks = values.length === 1 ? '' : old.slice(0, old.length - old.trimStart().length);
  return values.with(place, blanks + value).join(',');
}
