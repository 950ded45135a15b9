import { TemplateFunctionError } from '../function-error.ts';
import type { Flow } from '../../variables/flow.ts';
import type { FunctionArgument, FunctionCall, OnUnresolved } from './function.ts';

const mostRemembered = 256;
const longestRemembered = 4096;
const longestProblem = 200;

/**
 * Remembers what `make` made of the texts seen last. It holds a bounded number of texts of bounded
 * length, because they may come from clients; a `make` that throws is not remembered.
 */
export function remembering<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = make(text);
    if (text.length > longestRemembered) return made;
    if (known.size >= mostRemembered) {
      const oldest = known.keys().next();
      if (oldest.done !== true) known.delete(oldest.value);
    }
    known.set(text, made);
    return made;
  };
}

/** What an argument such as a pattern or a position becomes before it is used. */
export type Prepared<T> = (flow: Flow, onUnresolved: OnUnresolved) => T;

/**
 * Converts an argument: a literal once, and a literal that cannot be converted is reported as a
 * finding of the deployment; anything else whenever the call is evaluated.
 * @throws {TemplateFunctionError} while rendering, if the text cannot be converted
 */
export function converted<T>(
  call: FunctionCall,
  argument: FunctionArgument,
  convert: (text: string) => T,
): Prepared<T> {
  const attempt = (text: string): T => {
    try {
      return convert(text);
    } catch (cause) {
      throw new TemplateFunctionError(call.name, problemOf(cause), cause);
    }
  };
  const { constant } = argument;
  if (constant === undefined) {
    return (flow, onUnresolved) => attempt(argument.text(flow, onUnresolved));
  }
  try {
    const value = convert(constant);
    return () => value;
  } catch (cause) {
    call.reject(argument, problemOf(cause));
    return () => attempt(constant);
  }
}

/** As {@link converted}, for what costs much and comes back often: patterns, paths. */
export function prepared<T>(
  call: FunctionCall,
  argument: FunctionArgument,
  make: (text: string) => T,
): Prepared<T> {
  return converted(call, argument, argument.constant === undefined ? remembering(make) : make);
}

/** The first line of what an error says; the lines behind it may quote whole patterns. */
export function problemOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const [line = ''] = message.split('\n', 1);
  return line.length > longestProblem ? `${line.slice(0, longestProblem)}...` : line;
}
