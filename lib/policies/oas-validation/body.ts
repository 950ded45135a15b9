import { mediaTypeOf } from '../../message/media-type.ts';
import type { Message } from '../../message/message.ts';
import { isObject, member, pointerTo, type Place } from './json-pointer.ts';
import type { SchemaValidators } from './schema-validators.ts';

/** JSON that is nested deeper is not validated: schemas that name themselves recurse with it. */
const deepest = 500;

/** What is wrong with the body of a message, by the `content` of a request body or response. */
export function validateBody(
  message: Message,
  place: Place,
  validators: SchemaValidators,
): readonly string[] {
  const content = member(place.value, 'content');
  if (!isObject(content) || Object.keys(content).length === 0) return [];
  const type = mediaTypeOf(message.headers.text('Content-Type'));
  const allowed = Object.keys(content);
  const range = allowed.find((one) => covers(one, type));
  if (range === undefined) {
    const kind = message.kind === 'request' ? 'Request' : 'Response';
    const written = message.headers.text('Content-Type') ?? '';
    return [
      `${kind} Content-Type header '${written}' does not match any allowed types. Must be one of: [${allowed.join(', ')}].`,
    ];
  }
  const schema = member(content[range], 'schema');
  // Only JSON is validated against its schema.
  if (schema === undefined || !isJsonType(type)) return [];
  const text = message.content;
  if (depthOf(text) > deepest) return [`Instance is nested more than ${deepest} deep`];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return [`Unable to parse JSON - ${error instanceof Error ? error.message : String(error)}`];
  }
  return validators.at(pointerTo(place.pointer, 'content', range, 'schema'))(value, text.length);
}

function isJsonType(type: string): boolean {
  return type === 'application/json' || type.endsWith('+json');
}

function covers(range: string, type: string): boolean {
  const wanted = mediaTypeOf(range);
  if (wanted === type || wanted === '*/*') return true;
  return wanted.endsWith('/*') && type.startsWith(wanted.slice(0, -1));
}

function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === '{' || character === '[') most = Math.max(most, (depth += 1));
    else if (character === '}' || character === ']') depth -= 1;
  }
  return most;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '"') return at;
    if (text[at] === '\\') at += 1;
  }
  return text.length;
}
