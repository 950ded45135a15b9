import type { EngineMemory } from './engine.ts';

/** Part of a memory: bytes, and where they stand. */
interface Range {
  readonly start: number;
  readonly bytes: Uint8Array;
}

const page = 4096;
/** The C stack's unused part is the only empty stretch as long as this. */
const leastStack = 1024 * 1024;
/** Static data that is still zero may reach into the stretch. */
const staticMargin = 64 * 1024;

/**
 * What an engine's memory held when it was ready, to be put back after each run. What the C stack held is
 * left out: nothing is on it between runs.
 */
export class MemoryImage {
  readonly #memory: EngineMemory;
  readonly #ranges: readonly Range[];
  readonly #top: number;
  readonly #size: number;

  /** Takes the memory as it is now; whatever ran must have returned. */
  constructor(memory: EngineMemory) {
    const bytes = new Uint8Array(memory.buffer);
    const { top, gap } = layout(bytes);
    const stretches =
      gap.end - gap.start < leastStack
        ? [[0, top] as const]
        : [[0, gap.start + staticMargin] as const, [gap.end, top] as const];
    this.#memory = memory;
    this.#ranges = stretches.map(([start, end]) => ({ start, bytes: bytes.slice(start, end) }));
    this.#top = top;
    this.#size = bytes.length;
  }

  /** Bytes that restoring copies. */
  get byteLength(): number {
    return this.#ranges.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** Whether the memory grew since. It cannot shrink again. */
  get hasGrown(): boolean {
    return this.#memory.buffer.byteLength > this.#size;
  }

  /** Puts the memory back to what it was. */
  restore(): void {
    const bytes = new Uint8Array(this.#memory.buffer);
    for (const range of this.#ranges) bytes.set(range.bytes, range.start);
  }

  /** As `restore`, and leaves nothing of earlier runs in the memory that is free. */
  restoreAll(): void {
    this.restore();
    new Uint8Array(this.#memory.buffer).fill(0, this.#top);
  }

  /**
   * What differs now from this image. The last restoring must have been a `restoreAll`, so that what lies
   * beyond the image's end was written since.
   */
  difference(): MemoryDifference {
    const bytes = new Uint8Array(this.#memory.buffer);
    const changed: Range[] = [];
    const keep = (start: number, end: number): void => {
      const last = changed.at(-1);
      const content = bytes.slice(start, end);
      if (last === undefined || last.start + last.bytes.length !== start) {
        changed.push({ start, bytes: content });
        return;
      }
      changed[changed.length - 1] = {
        start: last.start,
        bytes: Buffer.concat([last.bytes, content]),
      };
    };
    for (const { start, bytes: before } of this.#ranges) {
      for (let at = 0; at < before.length; at += page) {
        const end = Math.min(at + page, before.length);
        const now = bytes.subarray(start + at, start + end);
        if (Buffer.compare(now, before.subarray(at, end)) !== 0) keep(start + at, start + end);
      }
    }
    for (let at = this.#top; at < bytes.length; at += page) {
      if (!isZero(bytes.subarray(at, at + page))) keep(at, at + page);
    }
    return new MemoryDifference(this.#memory, changed);
  }
}

/** What to write over an image to have another one. */
export class MemoryDifference {
  readonly #memory: EngineMemory;
  readonly #ranges: readonly Range[];

  constructor(memory: EngineMemory, ranges: readonly Range[]) {
    this.#memory = memory;
    this.#ranges = ranges;
  }

  get byteLength(): number {
    return this.#ranges.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** To be called right after the image's `restore`. */
  apply(): void {
    const bytes = new Uint8Array(this.#memory.buffer);
    for (const range of this.#ranges) bytes.set(range.bytes, range.start);
  }
}

interface Layout {
  /** End of the last page that is not all zero. */
  readonly top: number;
  /** The longest stretch of zero pages before that. */
  readonly gap: { readonly start: number; readonly end: number };
}

function layout(bytes: Uint8Array): Layout {
  let top = 0;
  let gap = { start: 0, end: 0 };
  for (let at = 0; at < bytes.length; at += page) {
    if (isZero(bytes.subarray(at, at + page))) continue;
    if (at - top > gap.end - gap.start) gap = { start: top, end: at };
    top = at + page;
  }
  return { top, gap };
}

const zeros = new Uint8Array(page);

function isZero(bytes: Uint8Array): boolean {
  return Buffer.compare(bytes, zeros) === 0;
}
