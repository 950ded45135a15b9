import type { Report } from '../diagnostic/diagnostic.ts';
import { diagnosticAt } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import { flowValueText, variableReference } from '../variables/flow-variables.ts';
import type { CallArgument, CallPart, TemplatePart } from './ast.ts';
import type {
  Compiled,
  Evaluate,
  FunctionArgument,
  FunctionCall,
  TemplateFunction,
} from './functions/function.ts';
import { nearestFunction, templateFunctions } from './functions/table.ts';

export interface CompileOptions {
  readonly bareNumbers: 'literal' | 'variable';
  readonly placeOf: (offset: number) => Location;
  readonly report: Report;
}

/** Prepares one part; findings about functions and their arguments go to the report. */
export function compilePart(part: TemplatePart, options: CompileOptions): Compiled {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'reference':
      return variable(part.name, part.fallback);
    case 'call':
      return compileCall(part, options);
  }
}

/** `unresolvedText` is what an ignored unresolved variable gives. */
function variable(name: string, fallback: string | undefined, unresolvedText = ''): Evaluate {
  const reference = variableReference(name);
  return (flow, onUnresolved) => {
    const value = reference.read(flow.variables);
    if (typeof value === 'string') return value;
    if (value !== null && value !== undefined) return flowValueText(value);
    if (fallback !== undefined) return fallback;
    if (onUnresolved === 'ignore') return unresolvedText;
    throw onUnresolved(name);
  };
}

function compileCall(part: CallPart, options: CompileOptions): Compiled {
  const { name } = part;
  const known = templateFunctions.get(name);
  if (known === undefined) {
    const nearest = nearestFunction(name);
    options.report(
      diagnosticAt(
        options.placeOf(part.nameStart),
        'error',
        'entities.UnknownStringFunction',
        `Unknown message template function "${name}".`,
        nearest === undefined
          ? 'Use a function that "Message templates" lists; names are case-sensitive.'
          : `Did you mean "${nearest}"?`,
      ),
    );
    return '';
  }
  if (known.aliasOf !== undefined) {
    options.report(
      diagnosticAt(
        options.placeOf(part.nameStart),
        'warning',
        'template-function-alias',
        `The documented name of message template function "${name}" is "${known.aliasOf}".`,
        `Write "${known.aliasOf}".`,
      ),
    );
  }
  if (!takes(known, part.arguments.length)) {
    options.report(
      diagnosticAt(
        options.placeOf(part.nameStart),
        'error',
        'template-function-arity',
        `Message template function "${name}" takes ${arityText(known)}, not ${part.arguments.length}.`,
      ),
    );
    return '';
  }
  const call: FunctionCall = {
    name,
    arguments: part.arguments.map((argument) => compileArgument(argument, options)),
    reject(argument, problem) {
      options.report(
        diagnosticAt(
          options.placeOf(argument.source.start),
          'error',
          'template-function-argument',
          `Message template function "${name}" cannot use this argument: ${problem}`,
        ),
      );
    },
  };
  return known.compile(call);
}

function takes({ least, most }: TemplateFunction, count: number): boolean {
  return count >= least && count <= most;
}

function arityText({ least, most }: TemplateFunction): string {
  if (most === 0) return 'no arguments';
  if (most === Infinity) return `${least} or more arguments`;
  if (least === most) return least === 1 ? '1 argument' : `${least} arguments`;
  return `${least} to ${most} arguments`;
}

function compileArgument(source: CallArgument, options: CompileOptions): FunctionArgument {
  if (source.kind === 'bare') return named(source, source.name, source.fallback);
  if (source.kind === 'integer' && options.bareNumbers === 'variable') {
    return named(source, source.text, undefined);
  }
  const { text } = source;
  return { source, constant: text, text: () => text, textOrNull: () => text };
}

/** Bare text: the variable of that name, or the text itself if unresolved variables are ignored. */
function named(source: CallArgument, name: string, fallback: string | undefined): FunctionArgument {
  const reference = variableReference(name);
  return {
    source,
    constant: undefined,
    text: variable(name, fallback, source.text),
    textOrNull(flow) {
      const value = reference.read(flow.variables);
      if (value !== null && value !== undefined) return flowValueText(value);
      return fallback ?? null;
    },
  };
}
