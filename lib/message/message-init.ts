import { Message, type MessageKind } from './message.ts';
import type { Parameter } from './parameters.ts';
import { statusCodeIn } from './message-property.ts';

/** Values by name; several values of one name as a list. */
export type NamedValues = Readonly<Record<string, string | readonly string[]>>;

/** A message as JSON files and API callers write it. */
export interface MessageInit {
  readonly message: MessageKind;
  readonly verb?: string;
  /** May carry a query after `?`; `queryParams` follow it. */
  readonly path?: string;
  readonly version?: string;
  readonly headers?: NamedValues;
  readonly queryParams?: NamedValues;
  /** Written to the body after `content`, which they make form-encoded. */
  readonly formParams?: NamedValues;
  readonly content?: string | Uint8Array;
  readonly statusCode?: number;
  readonly reasonPhrase?: string;
}

export function messageFrom(init: MessageInit): Message {
  const message = new Message(init.message);
  if (init.verb !== undefined) message.verb = init.verb;
  if (init.path !== undefined) message.uri = init.path;
  if (init.version !== undefined) message.version = init.version;
  if (init.statusCode !== undefined) message.statusCode = init.statusCode;
  if (init.reasonPhrase !== undefined) message.reasonPhrase = init.reasonPhrase;
  if (init.headers !== undefined) message.headers.addAll(pairs(init.headers));
  if (init.queryParams !== undefined) message.query.addAll(pairs(init.queryParams).map(parameter));
  if (typeof init.content === 'string') message.content = init.content;
  else if (init.content !== undefined) message.bytes = init.content;
  if (init.formParams !== undefined) message.form.addAll(pairs(init.formParams).map(parameter));
  return message;
}

type Pair = readonly [name: string, value: string];

function pairs(values: NamedValues): readonly Pair[] {
  const found: Pair[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'string') found.push([name, value]);
    else for (const one of value) found.push([name, one]);
  }
  return found;
}

function parameter([name, value]: Pair): Parameter {
  return { name, value };
}

/**
 * Reads a message out of JSON. Numbers and booleans stand for their text, unknown fields are left
 * alone, and a `content` that is an object stands for its JSON text.
 * @param name what the value is called where it came from, for the error
 * @throws {TypeError} naming the field that cannot be understood
 */
export function messageInitFrom(
  name: string,
  value: Readonly<Record<string, unknown>>,
): MessageInit {
  const { message } = value;
  if (message !== 'request' && message !== 'response') {
    throw new TypeError(`${name}: "message" is ${shown(message)}; write "request" or "response".`);
  }
  return {
    message,
    ...text(name, value, 'verb'),
    ...text(name, value, 'path'),
    ...text(name, value, 'version'),
    ...text(name, value, 'reasonPhrase'),
    ...namedValues(name, value, 'headers'),
    ...namedValues(name, value, 'queryParams'),
    ...namedValues(name, value, 'formParams'),
    ...content(value['content']),
    ...statusCode(name, value['statusCode']),
  };
}

function text(
  name: string,
  init: Readonly<Record<string, unknown>>,
  field: 'verb' | 'path' | 'version' | 'reasonPhrase',
): Pick<MessageInit, typeof field> {
  const value = init[field];
  if (isAbsent(value)) return {};
  const known = scalarText(value);
  if (known === undefined) {
    throw new TypeError(`${name}: "${field}" is ${shown(value)}; write a string.`);
  }
  return { [field]: known };
}

function namedValues(
  name: string,
  init: Readonly<Record<string, unknown>>,
  field: 'headers' | 'queryParams' | 'formParams',
): Pick<MessageInit, typeof field> {
  const value = init[field];
  if (isAbsent(value)) return {};
  const unsuited = (what: unknown): TypeError =>
    new TypeError(
      `${name}: "${field}" holds ${shown(what)}; write an object of strings or lists of strings.`,
    );
  if (typeof value !== 'object' || Array.isArray(value)) throw unsuited(value);
  const valuesOf = (given: unknown): readonly string[] => {
    const list: readonly unknown[] = Array.isArray(given) ? given : [given];
    return list.map((one) => {
      const known = scalarText(one);
      if (known === undefined) throw unsuited(one);
      return known;
    });
  };
  return {
    [field]: Object.fromEntries(
      Object.entries(value).map(([key, given]: [string, unknown]) => [key, valuesOf(given)]),
    ),
  };
}

function content(value: unknown): Pick<MessageInit, 'content'> {
  if (isAbsent(value)) return {};
  if (value instanceof Uint8Array) return { content: value };
  return { content: scalarText(value) ?? JSON.stringify(value) };
}

function statusCode(name: string, value: unknown): Pick<MessageInit, 'statusCode'> {
  if (isAbsent(value)) return {};
  const status = statusCodeIn(scalarText(value) ?? '');
  if (status === undefined) {
    throw new TypeError(
      `${name}: "statusCode" is ${shown(value)}; write a number from 100 to 999.`,
    );
  }
  return { statusCode: status };
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? value.toString() : undefined;
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}
