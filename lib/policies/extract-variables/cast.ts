import type { FlowValue } from '../../message/flow-value.ts';
import { unableToCast } from './faults.ts';
import type { VariableType } from './grammar.ts';

const smallestInteger = -(2n ** 31n);
const largestInteger = 2n ** 31n - 1n;
const smallestLong = -(2n ** 63n);
const largestLong = 2n ** 63n - 1n;

/**
 * The value of a type that a text stands for, by the rules of Java's number classes.
 * @throws {Fault} UnableToCast
 */
export function castText(text: string, type: VariableType): FlowValue {
  const value = castValue(text, type);
  if (value === undefined) throw unableToCast(text, type);
  return value;
}

/** As `castText`, but undefined for a text that is none of the type. */
export function castValue(text: string, type: VariableType): FlowValue {
  switch (type) {
    case 'string':
    case 'nodeset':
      return text;
    case 'boolean':
      return truth(text);
    case 'integer':
      return whole(text, smallestInteger, largestInteger);
    case 'long':
      return whole(text, smallestLong, largestLong);
    case 'float':
    case 'double':
      return decimal(text);
  }
}

function truth(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

function whole(text: string, least: bigint, most: bigint): number | bigint | undefined {
  if (!/^[+-]?\d{1,40}$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  if (value < least || value > most) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function decimal(text: string): number | undefined {
  const written = text.trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[fd]?$/i.test(written)) return undefined;
  return Number(written.replace(/[fd]$/i, ''));
}
