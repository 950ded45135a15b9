import { Message, type HeaderLine, type MessageKind } from '../message/message.ts';

/** All of a message but its body, as JSON. */
export interface MessageHead {
  readonly kind: MessageKind;
  readonly verb: string | null;
  readonly path: string;
  readonly query: string;
  readonly version: string;
  readonly url: string | null;
  readonly statusCode: number | null;
  readonly reasonPhrase: string | null;
  readonly headers: readonly HeaderLine[];
}

export function messageHead(message: Message): MessageHead {
  const { kind, verb, path, version, url, statusCode, reasonPhrase } = message;
  return {
    kind,
    verb,
    path,
    query: message.query.text(),
    version,
    url,
    statusCode,
    reasonPhrase,
    headers: message.headers.lines(),
  };
}

export function messageWith(head: MessageHead, body: Uint8Array): Message {
  const message = new Message(head.kind);
  message.verb = head.verb;
  message.path = head.path;
  if (head.query !== '') message.query.replaceText(head.query);
  message.version = head.version;
  message.url = head.url;
  message.statusCode = head.statusCode;
  message.reasonPhrase = head.reasonPhrase;
  message.headers.addAll(head.headers);
  if (body.byteLength > 0) message.bytes = body;
  return message;
}

/** Undefined if it is none; whoever may write to the store may have written anything. */
export function readMessageHead(json: unknown): MessageHead | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const head: Readonly<Record<string, unknown>> = { ...json };
  const { kind, verb, path, query, version, url, statusCode, reasonPhrase, headers } = head;
  if (kind !== 'request' && kind !== 'response') return undefined;
  if (!isText(path) || !isText(query) || !isText(version)) return undefined;
  if (!isTextOrNull(verb) || !isTextOrNull(url) || !isTextOrNull(reasonPhrase)) return undefined;
  if (!isStatusOrNull(statusCode) || !isHeaderLines(headers)) return undefined;
  return { kind, verb, path, query, version, url, statusCode, reasonPhrase, headers };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || isText(value);
}

function isStatusOrNull(value: unknown): value is number | null {
  return (
    value === null || (Number.isInteger(value) && Number(value) >= 100 && Number(value) <= 999)
  );
}

function isHeaderLines(value: unknown): value is readonly HeaderLine[] {
  const isLine = (line: unknown): boolean =>
    Array.isArray(line) && line.length === 2 && line.every(isText);
  return Array.isArray(value) && value.every(isLine);
}
