import { isUtf8 } from 'node:buffer';
import type { Message } from '../message/message.ts';
import { isSecretName, mask, masked } from './masking.ts';
import { recordedText } from './recorded-text.ts';

/** A message as it was at one moment, secrets masked. */
export interface MessageSnapshot {
  /** `error` for the response that is pending after a fault. */
  readonly kind: 'request' | 'response' | 'error';
  readonly verb: string | null;
  readonly uri: string;
  readonly statusCode: number | null;
  readonly reasonPhrase: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Undefined if there is none. */
  readonly body: BodySnapshot | undefined;
}

export interface BodySnapshot {
  readonly text: string;
  /** `latin1` for bytes that are no text: each character stands for one byte. */
  readonly form: 'text' | 'latin1';
  readonly isCut: boolean;
}

const mostHeaders = 1_000;

export function messageSnapshot(
  message: Message,
  kind: MessageSnapshot['kind'],
  body: BodySnapshot | undefined,
): MessageSnapshot {
  const { verb, statusCode, reasonPhrase } = message;
  return {
    kind,
    verb: verb === null ? null : recordedText(verb),
    uri: recordedText(message.uri),
    statusCode,
    reasonPhrase: reasonPhrase === null ? null : recordedText(reasonPhrase),
    headers: message.headers
      .lines()
      .slice(0, mostHeaders)
      .map(([name, value]) => [
        recordedText(name),
        isSecretName(name) ? mask : recordedText(value),
      ]),
    body,
  };
}

/** Takes the bodies of one transaction, which mostly are the same one again and again. */
export class BodyCamera {
  readonly #limit: number;
  #seen = '';
  #taken: BodySnapshot | undefined;

  /** @param limit most characters of a body that are kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  take(message: Message): BodySnapshot | undefined {
    if (!message.hasBody) return undefined;
    const { content } = message;
    if (this.#taken === undefined || content !== this.#seen) {
      this.#seen = content;
      this.#taken = bodySnapshot(message, content, this.#limit);
    }
    return this.#taken;
  }
}

/** Looked at beyond the limit, so that a secret across it is seen whole enough to be masked. */
const overlap = 4 * 1024;

function bodySnapshot(message: Message, content: string, limit: number): BodySnapshot {
  // Bytes that the charset could not read have become replacement characters.
  const isText = !content.includes('\ufffd') || isUtf8(message.bytes);
  const { length } = isText ? content : message.bytes;
  const text = isText
    ? content.slice(0, limit + overlap)
    : Buffer.from(message.bytes.subarray(0, limit + overlap)).toString('latin1');
  return {
    text: masked(text).slice(0, limit),
    form: isText ? 'text' : 'latin1',
    isCut: length > limit,
  };
}
