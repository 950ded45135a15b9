import { compileDatePattern } from '../../java/simple-date-format.ts';
import { TemplateFunctionError } from '../function-error.ts';
import type { FunctionTable, TemplateFunction } from './function.ts';
import { converted, prepared } from './prepared.ts';

const integer = /^[+-]?[0-9]{1,19}$/;
/** The times that ECMAScript knows: 100 million days on either side of 1970, in milliseconds. */
const furthest = 8.64e15;

/**
 * `(pattern, time)`: the pattern is one of Java's SimpleDateFormat, the result is in UTC. A time that
 * is no integer is a fault.
 */
function timeFormat(millisecondsPerUnit: 1 | 1000): TemplateFunction {
  return {
    least: 2,
    most: 2,
    compile(call) {
      const [pattern, time] = call.arguments;
      if (pattern === undefined || time === undefined) return '';
      const readFormat = prepared(call, pattern, (text) => compileDatePattern(text));
      const readTime = converted(call, time, (text) => {
        const milliseconds = integer.test(text) ? Number(text) * millisecondsPerUnit : NaN;
        if (Math.abs(milliseconds) <= furthest) return milliseconds;
        throw new RangeError('the time is no integer, or too far from 1970');
      });
      return (flow, onUnresolved) => {
        const format = readFormat(flow, onUnresolved);
        const milliseconds = readTime(flow, onUnresolved);
        try {
          return format(milliseconds, 'UTC');
        } catch (cause) {
          throw new TemplateFunctionError(call.name, 'the time cannot be written', cause);
        }
      };
    },
  };
}

/** The documentation calls timeFormat and timeFormatMs deprecated, and their result UTC on Apigee X. */
export const times: FunctionTable = {
  timeFormat: timeFormat(1000),
  timeFormatMs: timeFormat(1),
  timeFormatUTC: timeFormat(1000),
  timeFormatUTCMs: timeFormat(1),
};
