import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import type { Fault } from '../fault/fault.ts';
import type { Flow } from '../variables/flow.ts';

/** CONTRACT SKETCH: the template room replaces bodies, not names. */

/** What an unresolved variable does: nothing (empty text), or the fault that the policy builds. */
export type OnUnresolved = 'ignore' | ((variable: string) => Fault);

export interface Template {
  readonly source: string;
  /** Set when nothing in the template varies. */
  readonly constant: string | undefined;
  /** Names of the variables it reads, in order of first appearance. */
  readonly variables: readonly string[];
  /** Raises the fault of `onUnresolved` for the first unresolved reference without default. */
  render(flow: Flow, onUnresolved: OnUnresolved): string;
}

export interface TemplateOptions {
  /** Any non-empty delimiters; `{` and `}` unless a Payload says otherwise. */
  readonly prefix?: string;
  readonly suffix?: string;
  /** `${name}` means `{name}`: a callout's URL only. */
  readonly dollarReferences?: 'literal' | 'reference';
  /** Where the template's first character stands in its file, for diagnostics. */
  readonly location: Location;
  readonly report: (diagnostic: Diagnostic) => void;
}

export declare function compileTemplate(source: string, options: TemplateOptions): Template;
