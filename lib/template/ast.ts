/** A stretch of the template's source; `end` is exclusive. Offsets count UTF-16 units from 0. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Text that comes out as it is; it differs from its span where `\{` stands for `{`. */
export interface TextPart extends Span {
  readonly kind: 'text';
  readonly text: string;
}

/** `{name}` or `{name:fallback}`. */
export interface ReferencePart extends Span {
  readonly kind: 'reference';
  readonly name: string;
  readonly fallback: string | undefined;
}

/** `{name(argument,argument)}`. */
export interface CallPart extends Span {
  readonly kind: 'call';
  readonly name: string;
  readonly nameStart: number;
  readonly arguments: readonly CallArgument[];
}

/** `'text'`: what stands between the quotes. */
export interface QuotedArgument extends Span {
  readonly kind: 'quoted';
  readonly text: string;
}

/** A bare integer, or a bare `true` or `false`. */
export interface BareLiteralArgument extends Span {
  readonly kind: 'integer' | 'boolean';
  readonly text: string;
}

/** Any other bare text: the name of a variable, perhaps with a fallback, or else text that stands for itself. */
export interface BareArgument extends Span {
  readonly kind: 'bare';
  readonly text: string;
  readonly name: string;
  readonly fallback: string | undefined;
}

export type CallArgument = QuotedArgument | BareLiteralArgument | BareArgument;

/** The parts of one template follow each other without gap from its first to its last character. */
export type TemplatePart = TextPart | ReferencePart | CallPart;
