import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';

/** Where a value stands, so that a finding about it can say so. */
export interface ValuePlace {
  readonly location: Location;
  /** For the reader of a finding: `attribute enabled of ServiceCallout`, `element Timeout`. */
  readonly subject: string;
  readonly report: Report;
}

/** How a value of a grammar shows in the JSON Schema of the AST. */
export type JsonType = Readonly<Record<string, unknown>>;

/** The syntax of an attribute's value or of an element's text. */
export interface ValueSyntax<T> {
  /** Shown in the reference page. */
  readonly title: string;
  /** `markup` keeps child elements as text; the others read character data only. */
  readonly content: 'text' | 'markup';
  /** The XSD simple type, or the values allowed. */
  readonly xsd: string | readonly string[];
  readonly json: JsonType;
  /** The value, or undefined after reporting why there is none. */
  read(raw: string, place: ValuePlace): T | undefined;
}

const stringType = { type: 'string' } as const;

/** Text without the white space around it; blank text is the empty string. No-break spaces count as white. */
export const text: ValueSyntax<string> = {
  title: 'text',
  content: 'text',
  xsd: 'xs:string',
  json: stringType,
  read: (raw) => raw.trim(),
};

/** Text exactly as written, white space included. */
export const verbatim: ValueSyntax<string> = { ...text, read: (raw) => raw };

/** A message template without the white space around it. Compiled later, with its place in the file. */
export const template: ValueSyntax<string> = { ...text, title: 'message template' };

/** A message template exactly as written. */
export const verbatimTemplate: ValueSyntax<string> = { ...verbatim, title: 'message template' };

/** A message template that may hold markup, which is kept as text ("AssignMessage policy", Payload). */
export const markupTemplate: ValueSyntax<string> = {
  ...verbatimTemplate,
  title: 'message template, markup allowed',
  content: 'markup',
};

/** `true` or `false` in any case; anything else is reported and leaves the default. */
export const boolean: ValueSyntax<boolean> = {
  title: 'true or false',
  content: 'text',
  xsd: 'xs:boolean',
  json: { type: 'boolean' },
  read(raw, { location, subject, report }) {
    const word = raw.trim().toLowerCase();
    if (word === 'true') return true;
    if (word === 'false') return false;
    if (word !== '') {
      report(
        diagnosticAt(
          location,
          'warning',
          'invalid-boolean',
          `The ${subject} is "${raw.trim()}", which is neither true nor false; its default is used.`,
          'Write true or false.',
        ),
      );
    }
    return undefined;
  },
};

/** A flag whose element alone says yes: empty or any text is true, only `false` is false. */
export const presence: ValueSyntax<boolean> = {
  title: 'true unless the text is false',
  content: 'text',
  xsd: 'xs:string',
  json: { type: 'boolean' },
  read: (raw) => raw.trim().toLowerCase() !== 'false',
};

/** A whole number, in decimal. */
export const integer: ValueSyntax<number> = {
  title: 'whole number',
  content: 'text',
  xsd: 'xs:integer',
  json: { type: 'integer' },
  read(raw, { location, subject, report }) {
    const number = wholeNumber(raw);
    if (number === undefined && raw.trim() !== '') {
      report(
        diagnosticAt(
          location,
          'warning',
          'invalid-number',
          `The ${subject} is "${raw.trim()}", which is not a whole number; its default is used.`,
          'Write a whole number in decimal digits.',
        ),
      );
    }
    return number;
  },
};

/** The number that a decimal text names, if it is a whole one that a double holds exactly. */
export function wholeNumber(raw: string): number | undefined {
  const digits = raw.trim();
  if (!/^[+-]?\d{1,16}$/.test(digits)) return undefined;
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** One of a few words; another one is reported and leaves the default. */
export function oneOf<const W extends string>(...words: readonly W[]): ValueSyntax<W> {
  return {
    title: words.join(', '),
    content: 'text',
    xsd: words,
    json: { enum: words },
    read(raw, { location, subject, report }) {
      const found = words.find((word) => word === raw.trim());
      if (found === undefined && raw.trim() !== '') {
        report(
          diagnosticAt(
            location,
            'warning',
            'invalid-value',
            `The ${subject} is "${raw.trim()}"; its default is used.`,
            `Write one of ${words.join(', ')}.`,
          ),
        );
      }
      return found;
    },
  };
}
