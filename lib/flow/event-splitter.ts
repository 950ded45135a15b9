import { StringDecoder } from 'node:string_decoder';

/** One event of a text/event-stream, without the blank line that ends it. */
export interface StreamEvent {
  readonly text: string;
  /** The line ends behind it; empty behind the last event of a stream that just stops. */
  readonly end: string;
}

// A carriage return at the end of what is known may be half a line end.
const blankLine = /(?:\r\n|\n|\r(?!\n|$)){2}/g;
const lastBlankLine = /(?:\r\n|\n|\r(?!\n)){2}/g;
/** How much of a blank line may stand at the end of what was searched. */
const longestBlankLine = 4;

/** Cuts a text/event-stream into its events, which do not care how the bytes came ("Server-sent events"). */
export class EventSplitter {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #searched = 0;

  /** Characters that came and are no whole event yet. */
  get pending(): number {
    return this.#rest.length;
  }

  /** The events that end with these bytes. */
  push(bytes: Uint8Array): readonly StreamEvent[] {
    this.#rest += this.#decoder.write(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    );
    return this.#cut(blankLine);
  }

  /** What is left when no more bytes come. */
  finish(): readonly StreamEvent[] {
    this.#rest += this.#decoder.end();
    const events = this.#cut(lastBlankLine);
    return this.#rest === '' ? events : [...events, { text: this.#rest, end: '' }];
  }

  #cut(blank: RegExp): readonly StreamEvent[] {
    const events: StreamEvent[] = [];
    let start = 0;
    blank.lastIndex = this.#searched;
    for (let end = blank.exec(this.#rest); end !== null; end = blank.exec(this.#rest)) {
      events.push({ text: this.#rest.slice(start, end.index), end: end[0] });
      start = blank.lastIndex;
    }
    this.#rest = this.#rest.slice(start);
    this.#searched = Math.max(0, this.#rest.length - longestBlankLine);
    return events;
  }
}

const lineEnd = /\r\n|\n|\r/;

/** Whether there is more in it than comments, which only keep a connection alive. */
export function hasFields({ text }: StreamEvent): boolean {
  return text.split(lineEnd).some((line) => line !== '' && !line.startsWith(':'));
}

/** The values of the lines `data`, one below the other. */
export function dataOf(text: string): string {
  return text
    .split(lineEnd)
    .flatMap((line) => /^data(?:: ?(.*))?$/s.exec(line)?.slice(1, 2) ?? [])
    .map((value: string | undefined) => value ?? '')
    .join('\n');
}

/** The event with other data; the first line of data stands for all. */
export function withData(text: string, data: string): string {
  const lines = text.split(lineEnd);
  const isData = (line: string): boolean => /^data(?::|$)/.test(line);
  const others = lines.filter((line) => !isData(line));
  const at = lines.findIndex(isData);
  const before = at < 0 ? others.length : at;
  return [...others.slice(0, before), ...dataLines(data), ...others.slice(before)].join('\n');
}

/** A text as lines of data. */
export function dataLines(data: string): readonly string[] {
  return data.split(lineEnd).map((line) => `data: ${line}`);
}
