import type { FlowValue } from '../message/flow-value.ts';
import { Message } from '../message/message.ts';
import { messageHead, messageWith, readMessageHead, type MessageHead } from './message-head.ts';

/** Lists within lists that a cache takes. */
const deepestList = 32;

const scalars: ReadonlySet<string> = new Set(['string', 'number', 'boolean', 'bigint']);

/** Whether a cache can keep a value: texts, numbers, booleans, messages, and lists of them. */
export function isCacheable(value: unknown, depth = 0): value is FlowValue {
  if (value instanceof Message || scalars.has(typeof value)) return true;
  if (Array.isArray(value)) {
    return depth < deepestList && value.every((item) => isCacheable(item, depth + 1));
  }
  return value === null && depth > 0;
}

/** Bytes that a value takes, about: those of its texts in UTF-8, and of bodies as they are. */
export function valueBytes(value: FlowValue): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Message) {
    let bytes = value.bytes.byteLength;
    for (const [name, text] of value.headers.lines()) bytes += name.length + text.length;
    return bytes + value.uri.length;
  }
  if (typeof value === 'object' && value !== null) {
    return value.reduce<number>((bytes, item) => bytes + valueBytes(item), 0);
  }
  return 8;
}

/** The value as nobody else has it. */
export function ownCopy(value: FlowValue): FlowValue {
  if (value instanceof Message) return value.clone();
  if (typeof value !== 'object' || value === null) return value;
  return value.map(ownCopy);
}

/** What UTF-8 cannot say. */
const loneSurrogate = /\p{Surrogate}/u;

// The first byte of a kept value tells what follows.
const asText = 0x73;
const asMessage = 0x6d;
const asJson = 0x6a;

/** What a value is kept as outside of this process. */
export function encodeValue(value: FlowValue): Uint8Array {
  if (typeof value === 'string' && !loneSurrogate.test(value)) {
    return tagged(asText, Buffer.from(value));
  }
  if (value instanceof Message) {
    const head = Buffer.from(JSON.stringify(messageHead(value)));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(head.byteLength);
    return tagged(asMessage, length, head, value.bytes);
  }
  return tagged(asJson, Buffer.from(JSON.stringify(jsonOf(value))));
}

function tagged(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([Uint8Array.of(tag), ...parts]);
}

/** The value again; undefined if the bytes are none that `encodeValue` made. */
export function decodeValue(bytes: Uint8Array): FlowValue {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(1);
  const [tag] = bytes;
  if (tag === asText) return content.toString();
  if (tag === asJson) return valueOf(parsed(content.toString()), 0);
  return tag === asMessage ? decodeMessage(content) : undefined;
}

function decodeMessage(content: Buffer): Message | undefined {
  if (content.byteLength < 4) return undefined;
  const end = 4 + content.readUInt32BE();
  if (end > content.byteLength) return undefined;
  const head = readMessageHead(parsed(content.toString('utf8', 4, end)));
  return head === undefined ? undefined : messageWith(head, content.subarray(end));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What JSON has no form for stands in an object: `{ number }`, `{ bigint }`, `{ message, body }`. */
type Json =
  | string
  | number
  | boolean
  | null
  | { readonly number: string }
  | { readonly bigint: string }
  | { readonly message: MessageHead; readonly body: string }
  | readonly Json[];

function jsonOf(value: FlowValue): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') {
    return Number.isFinite(value) && !Object.is(value, -0) ? value : { number: numberText(value) };
  }
  if (typeof value === 'bigint') return { bigint: value.toString() };
  if (typeof value !== 'object') return value;
  if (value instanceof Message) {
    const body = Buffer.from(value.bytes).toString('base64');
    return { message: messageHead(value), body };
  }
  return value.map(jsonOf);
}

function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function valueOf(json: unknown, depth: number): FlowValue {
  if (typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean')
    return json;
  if (typeof json !== 'object' || depth > deepestList) return undefined;
  if (json === null) return null;
  if (Array.isArray(json)) return json.map((item) => valueOf(item, depth + 1));
  if ('number' in json) return Number(json.number);
  if ('bigint' in json) return bigintIn(json.bigint);
  if (!('message' in json) || !('body' in json) || typeof json.body !== 'string') return undefined;
  const head = readMessageHead(json.message);
  return head === undefined ? undefined : messageWith(head, Buffer.from(json.body, 'base64'));
}

function bigintIn(text: unknown): bigint | undefined {
  return typeof text === 'string' && /^-?\d{1,1000}$/.test(text) ? BigInt(text) : undefined;
}
