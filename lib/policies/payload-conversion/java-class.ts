import type { FlowValue } from '../../message/flow-value.ts';

const largestInt = 2 ** 31 - 1;

/** How Java prints the class of a value that is neither a message nor a text. */
export function javaClassOf(value: FlowValue): string {
  if (typeof value === 'boolean') return 'class java.lang.Boolean';
  if (typeof value === 'bigint') return 'class java.lang.Long';
  if (typeof value !== 'number') return 'class java.util.ArrayList';
  if (!Number.isInteger(value)) return 'class java.lang.Double';
  return Math.abs(value) <= largestInt ? 'class java.lang.Integer' : 'class java.lang.Long';
}
