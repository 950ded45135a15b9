import { isObject, member, resolved, type JsonObject } from './json-pointer.ts';

/** How a parameter is written ("Parameter Serialization" of OpenAPI 3.0). */
export interface ParameterStyle {
  readonly name: string;
  readonly style: string;
  readonly explode: boolean;
  readonly type: string;
  /** The type of its items, or by name those of its members. */
  readonly itemType: string;
  readonly memberTypes: ReadonlyMap<string, string>;
}

export function styleOf(
  document: JsonObject,
  parameter: JsonObject,
  schema: unknown,
): ParameterStyle {
  const place = member(parameter, 'in');
  const isForm = place === 'query' || place === 'cookie';
  const style = textOr(member(parameter, 'style'), isForm ? 'form' : 'simple');
  const explode = member(parameter, 'explode');
  const own = resolved(document, schema, '#')?.value ?? {};
  const typeOf = (value: unknown): string =>
    textOr(member(resolved(document, value, '#')?.value, 'type'), '');
  const properties = member(own, 'properties');
  return {
    name: textOr(member(parameter, 'name'), ''),
    style,
    explode: typeof explode === 'boolean' ? explode : style === 'form',
    type: textOr(member(own, 'type'), ''),
    itemType: typeOf(member(own, 'items')),
    memberTypes: new Map(
      Object.entries(isObject(properties) ? properties : {}).map(([name, value]) => [
        name,
        typeOf(value),
      ]),
    ),
  };
}

/** The value that the texts of a parameter stand for; several texts where a query or header repeats it. */
export function parameterValue(style: ParameterStyle, texts: readonly string[]): unknown {
  const [text = ''] = texts;
  const bare = withoutStyle(style, text);
  if (style.type === 'array') {
    const repeats = style.style === 'form' && style.explode;
    const parts = repeats ? texts : splitBy(separatorOf(style), bare);
    return parts.map((part) => scalar(part, style.itemType));
  }
  if (style.type === 'object') return objectValue(style, bare);
  return scalar(bare, style.type);
}

/** The value of an object whose members are query parameters of their own, `name[member]`. */
export function deepObject(
  style: ParameterStyle,
  members: readonly (readonly [name: string, text: string])[],
): unknown {
  return Object.fromEntries(
    members.map(([name, text]) => [name, scalar(text, style.memberTypes.get(name) ?? '')]),
  );
}

function objectValue(style: ParameterStyle, text: string): unknown {
  const parts = splitBy(separatorOf(style), text);
  const pairs: [string, string][] = style.explode
    ? parts.map((part) => [part.split('=')[0] ?? '', part.slice(part.indexOf('=') + 1)])
    : parts.flatMap((part, at) => (at % 2 === 0 ? [[part, parts[at + 1] ?? '']] : []));
  return deepObject(style, pairs);
}

function withoutStyle({ style, name }: ParameterStyle, text: string): string {
  if (style === 'label' && text.startsWith('.')) return text.slice(1);
  return style === 'matrix' && text.startsWith(`;${name}=`) ? text.slice(name.length + 2) : text;
}

function separatorOf({ style, explode, name, type }: ParameterStyle): string {
  if (style === 'spaceDelimited') return ' ';
  if (style === 'pipeDelimited') return '|';
  if (style === 'label' && explode) return '.';
  if (style === 'matrix' && explode) return type === 'array' ? `;${name}=` : ';';
  return ',';
}

function splitBy(separator: string, text: string): readonly string[] {
  return text === '' ? [] : text.split(separator);
}

/** A text that is no value of the type stays a text, for which the schema then has a message. */
function scalar(text: string, type: string): unknown {
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  const isNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text);
  return (type === 'integer' || type === 'number') && isNumber ? Number(text) : text;
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}
