/** Bounds on a JSON text; Infinity where there is none. */
export interface JsonLimits {
  readonly arrayElements: number;
  readonly depth: number;
  readonly entries: number;
  readonly nameLength: number;
  readonly textLength: number;
}

/** Why a text is refused: it breaks a limit, or it is no JSON. Lines count from 1. */
export type JsonThreat =
  | { readonly kind: 'excess'; readonly text: string }
  | { readonly kind: 'syntax'; readonly text: string };

/**
 * Walks a JSON text once, from its first character to its last, and stops at the first thing that is
 * wrong with it. Nothing is built and nothing recurses: what is open is one byte and, where elements are
 * counted, one number for each container.
 */
export function scanJson(text: string, limits: JsonLimits): JsonThreat | undefined {
  try {
    new JsonScanner(text, limits).scan();
    return undefined;
  } catch (error) {
    if (error instanceof Threat) return error.threat;
    throw error;
  }
}

class Threat extends Error {
  readonly threat: JsonThreat;

  constructor(threat: JsonThreat) {
    super(threat.text);
    this.threat = threat;
  }
}

const OBJECT = 1;
const ARRAY = 2;

const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
/** Characters of a text up to its end or to the first that needs a look. */
const plainText = /[^"\\\u0000-\u001f]*/y;
const escape = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
/** What may continue a scalar by mistake: `nullx`, `01`. */
const scalarGoesOn = /[\w.+-]/;

class JsonScanner {
  readonly #text: string;
  readonly #limits: JsonLimits;
  #at = 0;
  #kinds = new Uint8Array(64);
  #counts = new Uint32Array(64);
  #depth = 0;

  constructor(text: string, limits: JsonLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  scan(): void {
    if (this.#text.startsWith('\ufeff')) this.#at = 1;
    const first = this.#next();
    if (first !== '{' && first !== '[') this.#expected('{ or [');
    this.#value(first);
    while (this.#depth > 0) this.#goOn();
    if (this.#next() !== '') this.#expected('end of text');
  }

  /** One step within the innermost container: its end, or one more element or entry. */
  #goOn(): void {
    const inside = this.#depth - 1;
    const kind = this.#kinds[inside];
    const close = kind === OBJECT ? '}' : ']';
    let next = this.#next();
    const count = this.#counts[inside] ?? 0;
    if (next === close) {
      this.#at++;
      this.#depth--;
      return;
    }
    if (count > 0) {
      if (next !== ',') this.#expected(`, or ${close}`);
      this.#at++;
      next = this.#next();
    }
    this.#counts[inside] = count + 1;
    if (kind === OBJECT) this.#entry(next, count + 1);
    else this.#element(next, count + 1);
  }

  #element(next: string, count: number): void {
    if (count > this.#limits.arrayElements) this.#exceeded('array element count');
    this.#value(next);
  }

  #entry(next: string, count: number): void {
    if (next !== '"') this.#expected('"');
    if (count > this.#limits.entries) this.#exceeded('object entry count');
    this.#string(this.#limits.nameLength, 'object entry name length');
    if (this.#next() !== ':') this.#expected(':');
    this.#at++;
    this.#value(this.#next());
  }

  #value(next: string): void {
    if (next === '{' || next === '[') {
      this.#open(next === '{' ? OBJECT : ARRAY);
    } else if (next === '"') {
      this.#string(this.#limits.textLength, 'string value length');
    } else {
      scalar.lastIndex = this.#at;
      if (!scalar.test(this.#text)) this.#expected('a value');
      this.#at = scalar.lastIndex;
      if (scalarGoesOn.test(this.#text.charAt(this.#at))) this.#expected('a value');
    }
  }

  #open(kind: number): void {
    if (this.#depth >= this.#limits.depth) this.#exceeded('container depth');
    if (this.#depth === this.#kinds.length) {
      const kinds = new Uint8Array(this.#depth * 2);
      kinds.set(this.#kinds);
      this.#kinds = kinds;
      const counts = new Uint32Array(this.#depth * 2);
      counts.set(this.#counts);
      this.#counts = counts;
    }
    this.#kinds[this.#depth] = kind;
    this.#counts[this.#depth] = 0;
    this.#depth++;
    this.#at++;
  }

  /** Reads a text between quotes. An escape counts as the one character that it stands for. */
  #string(most: number, what: string): void {
    let length = 0;
    this.#at++;
    for (;;) {
      plainText.lastIndex = this.#at;
      plainText.test(this.#text);
      length += plainText.lastIndex - this.#at;
      this.#at = plainText.lastIndex;
      if (length > most) this.#exceeded(what);
      const next = this.#text.charAt(this.#at);
      if (next === '"') {
        this.#at++;
        return;
      }
      if (next !== '\\') this.#expected('"');
      escape.lastIndex = this.#at;
      if (!escape.test(this.#text)) this.#expected('an escape sequence');
      this.#at = escape.lastIndex;
      length++;
    }
  }

  /** The next character that is no white space, without reading it; empty at the end. */
  #next(): string {
    for (;;) {
      const next = this.#text.charAt(this.#at);
      if (next !== ' ' && next !== '\n' && next !== '\r' && next !== '\t') return next;
      this.#at++;
    }
  }

  #exceeded(what: string): never {
    throw new Threat({ kind: 'excess', text: `Exceeded ${what} at line ${this.#line()}` });
  }

  #expected(what: string): never {
    throw new Threat({ kind: 'syntax', text: `Expecting ${what} at line ${this.#line()}` });
  }

  /** Asked once, for the one message that a scan gives. */
  #line(): number {
    let line = 1;
    for (let feed = this.#text.indexOf('\n'); feed >= 0 && feed < this.#at; line++) {
      feed = this.#text.indexOf('\n', feed + 1);
    }
    return line;
  }
}
