import type { Message } from '../../message/message.ts';
import {
  isObject,
  member,
  pointerTo,
  resolved,
  type JsonObject,
  type Place,
} from './json-pointer.ts';
import { deepObject, parameterValue, styleOf, type ParameterStyle } from './parameter-value.ts';
import type { SchemaValidators } from './schema-validators.ts';

export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie';

/** A parameter of an operation. */
export interface Parameter {
  readonly name: string;
  readonly place: ParameterPlace;
  readonly required: boolean;
  readonly style: ParameterStyle;
  /** Where its schema stands; undefined without one. */
  readonly schema: string | undefined;
  /** Its text is JSON (`content` instead of `schema`). */
  readonly isJson: boolean;
}

/** What a request has for parameters. */
export interface RequestParts {
  readonly message: Message;
  readonly path: string;
  /** Values of the path template, decoded. */
  readonly pathValues: ReadonlyMap<string, string>;
  readonly cookies: ReadonlyMap<string, string>;
}

const places: readonly ParameterPlace[] = ['path', 'query', 'header', 'cookie'];
/** OpenAPI has these headers described elsewhere: parameters of these names are ignored. */
const notParameters: ReadonlySet<string> = new Set(['accept', 'content-type', 'authorization']);

/** Undefined for what is no parameter. */
export function readParameter(
  document: JsonObject,
  { value, pointer }: Place,
): Parameter | undefined {
  const name = member(value, 'name');
  const place = places.find((one) => one === member(value, 'in'));
  if (typeof name !== 'string' || place === undefined) return undefined;
  if (place === 'header' && notParameters.has(name.toLowerCase())) return undefined;
  const content = member(value, 'content');
  const [mediaType] = isObject(content) ? Object.keys(content) : [];
  const schemaPath = mediaType === undefined ? ['schema'] : ['content', mediaType, 'schema'];
  const schema = schemaPath.reduce<unknown>((inner, step) => member(inner, step), value);
  return {
    name,
    place,
    required: place === 'path' || member(value, 'required') === true,
    style: styleOf(document, value, schema),
    schema: schema === undefined ? undefined : pointerTo(pointer, ...schemaPath),
    isJson: mediaType !== undefined,
  };
}

/** Parameters of the operation take the place of those of the path. */
export function readParameters(
  document: JsonObject,
  lists: readonly { readonly list: unknown; readonly pointer: string }[],
): readonly Parameter[] {
  const parameters = new Map<string, Parameter>();
  for (const { list, pointer } of lists) {
    for (const [index, item] of (Array.isArray(list) ? list : []).entries()) {
      const place = resolved(document, item, pointerTo(pointer, String(index)));
      const parameter = place && readParameter(document, place);
      if (parameter !== undefined)
        parameters.set(`${parameter.place} ${parameter.name}`, parameter);
    }
  }
  return [...parameters.values()];
}

export function validateParameter(
  parameter: Parameter,
  parts: RequestParts,
  validators: SchemaValidators,
): readonly string[] {
  const { name, place, required, schema } = parameter;
  const found = valueOf(parameter, parts);
  if (found === undefined) {
    if (!required) return [];
    const kind = place.charAt(0).toUpperCase() + place.slice(1);
    return [
      `${kind} parameter '${name}' is required on path '${parts.path}' but not found in request.`,
    ];
  }
  return schema === undefined ? [] : validators.at(schema)(found.value, found.size);
}

interface Found {
  readonly value: unknown;
  readonly size: number;
}

function valueOf(parameter: Parameter, parts: RequestParts): Found | undefined {
  const { name, place, style, isJson } = parameter;
  if (place === 'query' && style.style === 'deepObject') return deepValue(style, parts.message);
  const texts = textsOf(place, name, parts);
  if (texts.length === 0) return undefined;
  const size = texts.reduce((sum, text) => sum + text.length, 0);
  if (!isJson) return { value: parameterValue(style, texts), size };
  try {
    const value: unknown = JSON.parse(texts[0] ?? '');
    return { value, size };
  } catch {
    return { value: texts[0], size };
  }
}

function textsOf(place: ParameterPlace, name: string, parts: RequestParts): readonly string[] {
  if (place === 'query') return parts.message.query.values(name);
  if (place === 'header') {
    const text = parts.message.headers.text(name);
    return text === undefined ? [] : [text];
  }
  const text = (place === 'path' ? parts.pathValues : parts.cookies).get(name);
  return text === undefined ? [] : [text];
}

function deepValue(style: ParameterStyle, message: Message): Found | undefined {
  const members = message.query.list().flatMap(({ name, value }) => {
    const inner = name.startsWith(`${style.name}[`) && name.endsWith(']');
    return inner ? [[name.slice(style.name.length + 1, -1), value] as const] : [];
  });
  const size = members.reduce((sum, [, text]) => sum + text.length, 0);
  return members.length === 0 ? undefined : { value: deepObject(style, members), size };
}
