/** JSON as it was written: members in order, numbers as their digits. */
export type JsonValue =
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, JsonValue> }
  | { readonly kind: 'array'; readonly items: readonly JsonValue[] }
  | { readonly kind: 'string' | 'literal'; readonly text: string }
  | { readonly kind: 'null' };

/** A text that is no JSON, or more of it than is read. The message is the reason for a fault string. */
export class JsonTextError extends Error {}
