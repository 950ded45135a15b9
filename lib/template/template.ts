import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import type { Flow } from '../variables/flow.ts';
import type { TemplatePart } from './ast.ts';
import { compilePart } from './compile.ts';
import { concatenate } from './concatenate.ts';
import type { OnUnresolved } from './functions/function.ts';
import { templateFunctions } from './functions/table.ts';
import { parseTemplate, type Remark } from './parse.ts';
import { placeOf } from '../diagnostic/place.ts';

export type { OnUnresolved } from './functions/function.ts';
export { TemplateFunctionError } from './function-error.ts';

/** A message template, compiled; it keeps no state and is shared by all flows ("Message templates"). */
export interface Template {
  readonly source: string;
  /** Offsets count from the first character inside the outer quotes, if those were stripped. */
  readonly parts: readonly TemplatePart[];
  /** Set when nothing in the template varies. */
  readonly constant: string | undefined;
  /** Names of the variables it reads, in order of first appearance. */
  readonly variables: readonly string[];
  /**
   * The template's text for one flow. Values are inserted as they are and never read as templates.
   * @throws {Fault} of `onUnresolved`, for the first unresolved reference without default
   * @throws {TemplateFunctionError} (a Fault) when a function cannot use a value it was given
   */
  render(flow: Flow, onUnresolved: OnUnresolved): string;
}

export interface TemplateOptions {
  /** Any delimiters; `{` and `}` unless a Payload says otherwise, or where one is empty. */
  readonly prefix?: string | undefined;
  readonly suffix?: string | undefined;
  /** `${name}` means `{name}`: a callout's URL only. */
  readonly dollarReferences?: 'literal' | 'reference';
  /**
   * A bare number as a function's argument: itself, as documented and by default, or the name of a
   * variable, as engines before 2021 read it.
   */
  readonly bareNumbers?: 'literal' | 'variable';
  /** Double quotes around the whole template: kept by default, for JSON strings and ETags need them. */
  readonly outerQuotes?: 'keep' | 'strip';
  /** Where the template's first character stands in its file, for diagnostics. */
  readonly location: Location;
  readonly report: Report;
}

/** Compiles any text; what cannot work is reported as an error, and then renders as empty text. */
export function compileTemplate(source: string, options: TemplateOptions): Template {
  const { report, location } = options;
  const quoted = options.outerQuotes === 'strip' && /^"[^"]*"$/.test(source);
  const inner = quoted ? source.slice(1, -1) : source;
  const offset = quoted ? 1 : 0;
  const { parts, remarks } = parseTemplate(inner, {
    prefix: delimiter(options.prefix, '{'),
    suffix: delimiter(options.suffix, '}'),
    dollarReferences: options.dollarReferences ?? 'literal',
  });
  const place = (at: number): Location => placeOf(location, source, at + offset);
  for (const remark of remarks) {
    const { kind, start, end } = remark;
    if (kind === 'spaced-call' && !templateFunctions.has(inner.slice(start, end))) continue;
    reportRemark(remark, place(start), report);
  }

  const compiled = concatenate(
    parts.map((part) =>
      compilePart(part, { bareNumbers: options.bareNumbers ?? 'literal', placeOf: place, report }),
    ),
  );
  const isConstant = typeof compiled === 'string';
  return {
    source,
    parts,
    constant: isConstant ? compiled : undefined,
    variables: [...new Set(parts.flatMap(variablesOf))],
    render: isConstant ? () => compiled : compiled,
  };
}

function delimiter(given: string | undefined, usual: string): string {
  return given === undefined || given === '' ? usual : given;
}

function variablesOf(part: TemplatePart): readonly string[] {
  switch (part.kind) {
    case 'text':
      return [];
    case 'reference':
      return [part.name];
    case 'call':
      return part.arguments.flatMap((argument) =>
        argument.kind === 'bare' ? [argument.name] : [],
      );
  }
}

const remarkTexts: Readonly<Record<Remark['kind'], readonly [message: string, hint: string]>> = {
  'dollar-before-reference': [
    'The "$" in front of a reference is dropped, in a URL only.',
    'Write {name} without "$".',
  ],
  'space-in-call': [
    'A message template function has no spaces between its arguments; they are dropped here.',
    'Remove the spaces.',
  ],
  'space-in-argument': [
    'A message template function has no spaces in an argument without quotes; they are kept here.',
    'Put it into a variable, or between single quotes if it contains none.',
  ],
  'empty-argument': ['An argument is missing and counts as empty text.', "Write ''."],
  'nested-call': [
    'A function within a function is not evaluated; its text is the name of a variable here.',
    'Assign the inner result to a variable first.',
  ],
  'spaced-call': [
    'A space behind the opening delimiter makes this literal text, not a function.',
    'Remove the space if the function is meant.',
  ],
  'not-a-function-name': [
    'This looks like a function, but no function has such a name; it stays literal text.',
    'Use a name of letters and digits if a function is meant.',
  ],
};

function reportRemark({ kind }: Remark, place: Location, report: Report): void {
  const [message, hint] = remarkTexts[kind];
  report(diagnosticAt(place, 'warning', `template-${kind}`, message, hint));
}
