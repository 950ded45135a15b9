/** Any JSON or YAML, as it is read from a document. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of an object; nothing that objects inherit. */
export function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The pointer of a place below another one, as a fragment of a URI. */
export function pointerTo(base: string, ...names: readonly string[]): string {
  const steps = names.map(
    (name) => `/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`,
  );
  return base + steps.join('');
}

/** What a fragment such as `#/components/schemas/A` names in a document; undefined if nothing. */
export function valueAt(document: unknown, reference: string): unknown {
  if (reference === '#') return document;
  if (!reference.startsWith('#/')) return undefined;
  let value = document;
  for (const step of reference.slice(2).split('/')) {
    const name = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~');
    value = Array.isArray(value) ? value[Number(name)] : member(value, name);
  }
  return value;
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

/** A place in a document, behind any references to it. */
export interface Place {
  readonly value: JsonObject;
  /** `#/...`: where the value itself stands. */
  readonly pointer: string;
}

const mostReferences = 100;

/** Follows `$ref` from one place to the next; undefined where they lead nowhere or in a circle. */
export function resolved(document: unknown, value: unknown, pointer: string): Place | undefined {
  let place: { readonly value: unknown; readonly pointer: string } = { value, pointer };
  for (let count = 0; count < mostReferences; count += 1) {
    if (!isObject(place.value)) return undefined;
    const reference = member(place.value, '$ref');
    if (typeof reference !== 'string') return { value: place.value, pointer: place.pointer };
    place = { value: valueAt(document, reference), pointer: reference };
  }
  return undefined;
}
