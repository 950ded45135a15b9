import { compileXeger } from '../../java/xeger.ts';
import type { Random } from '../../host/random.ts';
import { TemplateFunctionError } from '../function-error.ts';
import type { FunctionTable, TemplateFunction } from './function.ts';
import { converted, prepared, problemOf } from './prepared.ts';

const integer = /^[+-]?[0-9]{1,19}$/;
const leastLong = -(2n ** 63n);
const beyondLongs = 2n ** 63n;

const createUuid: TemplateFunction = {
  least: 0,
  most: 0,
  compile() {
    return (flow) => flow.host.random.uuid();
  },
};

function long(text: string): bigint {
  const value = integer.test(text) ? BigInt(text.replace('+', '')) : undefined;
  if (value === undefined || value < leastLong || value >= beyondLongs) {
    throw new RangeError('a bound is no 64 bit integer');
  }
  return value;
}

/** Every number from 0 to `bound` - 1 is equally likely. */
function below(random: Random, bound: bigint): bigint {
  const mask = (1n << BigInt((bound - 1n).toString(2).length)) - 1n;
  const count = Math.ceil(mask.toString(16).length / 2);
  // At least every second draw falls below the bound, so a sound source ends this soon; the count
  // keeps a source that repeats itself from holding the process.
  for (let draw = 0; draw < 128; draw += 1) {
    let value = 0n;
    for (const byte of random.bytes(count)) value = (value << 8n) | BigInt(byte);
    value &= mask;
    if (value < bound) return value;
  }
  return 0n;
}

/** `([min[,max]])`: min <= n < max; from 0 without arguments, up to the largest long without max. */
const randomLong: TemplateFunction = {
  least: 0,
  most: 2,
  compile(call) {
    const [least, bound] = call.arguments;
    const readLeast = least && converted(call, least, long);
    const readBound = bound && converted(call, bound, long);
    return (flow, onUnresolved) => {
      const from = readLeast?.(flow, onUnresolved) ?? 0n;
      const to = readBound?.(flow, onUnresolved) ?? beyondLongs;
      if (to <= from) {
        throw new TemplateFunctionError(call.name, 'the bounds leave no number between them');
      }
      return (from + below(flow.host.random, to - from)).toString();
    };
  },
};

const xeger: TemplateFunction = {
  least: 1,
  most: 1,
  compile(call) {
    const [pattern] = call.arguments;
    if (pattern === undefined) return '';
    const readGenerator = prepared(call, pattern, compileXeger);
    return (flow, onUnresolved) => {
      const generate = readGenerator(flow, onUnresolved);
      const { random } = flow.host;
      try {
        return generate((bound) => Number(below(random, BigInt(bound))));
      } catch (cause) {
        throw new TemplateFunctionError(call.name, problemOf(cause), cause);
      }
    };
  },
};

export const randoms: FunctionTable = { createUuid, randomLong, xeger };
