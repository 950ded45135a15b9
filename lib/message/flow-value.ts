import { Message } from './message.ts';

/**
 * What a flow variable may hold. `null` and `undefined` both mean unresolved; policies keep the types
 * they set. A collection prints as `[a, b]`, a message as its content.
 */
export type FlowValue =
  string | number | boolean | bigint | null | undefined | Message | readonly FlowValue[];

/** The text a value shows as in a template: null gives the empty string. */
export function flowValueText(value: FlowValue): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'object') return value.toString();
  return value instanceof Message ? value.content : collectionText(value);
}

/** Integers in full, as Java's Integer and Long print; never with an exponent. */
function numberText(value: number): string {
  return Number.isInteger(value) && Math.abs(value) >= 1e21
    ? BigInt(value).toString()
    : value.toString();
}

function collectionText(values: readonly FlowValue[]): string {
  return `[${values.map((value) => (value === null ? 'null' : flowValueText(value))).join(', ')}]`;
}
