import { compileJavaRegex, type JavaRegex } from '../../java/regex/java-regex.ts';
import { TemplateFunctionError } from '../function-error.ts';
import { ofText, type FunctionTable, type TemplateFunction } from './function.ts';
import { converted, prepared, problemOf } from './prepared.ts';

const integer = /^[+-]?[0-9]{1,15}$/;
const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

function position(text: string): number {
  if (!integer.test(text)) throw new RangeError('a position is no integer');
  return Number(text);
}

/** Positions are from 0, negative ones from the end, both clamped; the end is exclusive. */
const substring: TemplateFunction = {
  least: 2,
  most: 3,
  compile(call) {
    const [subject, start, end] = call.arguments;
    if (subject === undefined || start === undefined) return '';
    const readStart = converted(call, start, position);
    const readEnd = end && converted(call, end, position);
    return (flow, onUnresolved) => {
      const text = subject.text(flow, onUnresolved);
      const from = readStart(flow, onUnresolved);
      const to = readEnd?.(flow, onUnresolved);
      return text.slice(from, to);
    };
  },
};

/** Both replace functions: Java's regular expressions, `$1` and `\` in the replacement. */
function replace(which: 'replaceAll' | 'replaceFirst'): TemplateFunction {
  return {
    least: 3,
    most: 3,
    compile(call) {
      const [subject, pattern, replacement] = call.arguments;
      if (subject === undefined || pattern === undefined || replacement === undefined) return '';
      const readPattern = prepared<JavaRegex>(call, pattern, compileJavaRegex);
      return (flow, onUnresolved) => {
        const text = subject.text(flow, onUnresolved);
        const regex = readPattern(flow, onUnresolved);
        const value = replacement.text(flow, onUnresolved);
        try {
          return regex[which](text, value, flow.host.limits.regexSteps);
        } catch (cause) {
          throw new TemplateFunctionError(call.name, problemOf(cause), cause);
        }
      };
    },
  };
}

/** Empty for anything but the standard alphabet, so for the URL-safe one too. */
function decodeBase64(text: string): string {
  return base64.test(text) ? Buffer.from(text, 'base64').toString('utf8') : '';
}

/** The first argument that is not null; an empty text is not null, and no argument faults. */
const firstNonNull: TemplateFunction = {
  least: 1,
  most: Infinity,
  compile(call) {
    const candidates = call.arguments.map(({ textOrNull }) => textOrNull);
    return (flow) => {
      for (const candidate of candidates) {
        const text = candidate(flow);
        if (text !== null) return text;
      }
      return '';
    };
  },
};

export const texts: FunctionTable = {
  toUpperCase: ofText((text) => text.toUpperCase()),
  toLowerCase: ofText((text) => text.toLowerCase()),
  substring,
  replaceAll: replace('replaceAll'),
  replaceFirst: replace('replaceFirst'),
  encodeBase64: ofText((text) => Buffer.from(text, 'utf8').toString('base64')),
  decodeBase64: ofText(decodeBase64),
  firstnonnull: firstNonNull,
};
