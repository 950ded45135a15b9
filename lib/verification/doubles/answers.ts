import { STATUS_CODES } from 'node:http';
import { deflateSync, gzipSync } from 'node:zlib';
import { bodyBytes, contentTypeOf } from '../suite/body.ts';
import type { Answer, HeaderValues, Upstreams } from '../suite/case.ts';
import { compareCall, type HeaderLines, type ObservedCall } from '../matching/compare-message.ts';

/** What is answered on the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly reason: string;
  readonly headers: HeaderLines;
  readonly body: Uint8Array;
}

/** The answers of all upstreams of one case, and which of them have served. */
export class AnswerBook {
  readonly #byOrigin: ReadonlyMap<string, readonly Answer[]>;
  readonly #served = new Set<Answer>();

  constructor(upstreams: Upstreams) {
    this.#byOrigin = new Map(
      Object.entries(upstreams).map(([origin, answers]) => [
        originOf(origin),
        isList(answers) ? answers : [answers],
      ]),
    );
  }

  /** Whether anything is said of an origin. */
  knows(origin: string): boolean {
    return this.#byOrigin.has(origin);
  }

  get origins(): readonly string[] {
    return [...this.#byOrigin.keys()];
  }

  /**
   * The answer for a call: of those meant for it the first that has not served yet, or else the last.
   * Undefined if none is.
   */
  answer(origin: string, call: ObservedCall): Answer | undefined {
    const fitting = this.#fitting(origin, call);
    const answer = fitting.find((one) => !this.#served.has(one)) ?? fitting.at(-1);
    if (answer !== undefined) this.#served.add(answer);
    return answer;
  }

  /** Whether an answer of an origin is meant for a call. */
  fits(origin: string, call: ObservedCall): boolean {
    return this.#fitting(origin, call).length > 0;
  }

  /** How an origin fails before anything could be sent to it, if it does so for its first call. */
  failureBefore(origin: string): Answer['failure'] {
    return this.#byOrigin.get(origin)?.[0]?.failure;
  }

  #fitting(origin: string, call: ObservedCall): readonly Answer[] {
    return (this.#byOrigin.get(origin) ?? []).filter(
      ({ when }) => when === undefined || compareCall('', call, when).length === 0,
    );
  }
}

/** `https://API.test:443/` and `https://api.test` are one origin. */
export function originOf(text: string): string {
  try {
    return new URL(text).origin;
  } catch {
    return text;
  }
}

export function wireAnswer(answer: Answer): WireAnswer {
  const { status = 200, reason, encoding } = answer;
  const plain =
    answer.body === undefined
      ? Buffer.from(hasNoBody(status) ? '' : '{"ok":true}')
      : bodyBytes(answer.body);
  const body =
    encoding === 'gzip' ? gzipSync(plain) : encoding === 'deflate' ? deflateSync(plain) : plain;
  const named = linesOf(answer.headers ?? {});
  const type = answer.body === undefined ? 'application/json' : contentTypeOf(answer.body);
  const isTyped = named.some(([name]) => name.toLowerCase() === 'content-type');
  return {
    status,
    reason: reason ?? STATUS_CODES[status] ?? '',
    headers: [
      ...(isTyped || type === undefined || hasNoBody(status)
        ? []
        : [['Content-Type', type] as const]),
      ...named,
      ...(encoding === undefined ? [] : [['Content-Encoding', encoding] as const]),
    ],
    body,
  };
}

export function linesOf(headers: HeaderValues): HeaderLines {
  return Object.entries(headers).flatMap(([name, values]) =>
    (typeof values === 'string' ? [values] : values).map((value) => [name, value] as const),
  );
}

export function hasNoBody(status: number): boolean {
  return status === 204 || status === 304;
}

function isList(answers: Answer | readonly Answer[]): answers is readonly Answer[] {
  return Array.isArray(answers);
}
