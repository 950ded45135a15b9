import type { CallArgument } from '../ast.ts';
import type { Flow } from '../../variables/flow.ts';
import type { Fault } from '../../fault/fault.ts';

/** What an unresolved variable does: nothing (empty text), or the fault that the policy builds. */
export type OnUnresolved = 'ignore' | ((variable: string) => Fault);

/** Gives the text of one part of a template. */
export type Evaluate = (flow: Flow, onUnresolved: OnUnresolved) => string;

/** An argument, ready to be evaluated. */
export interface FunctionArgument {
  readonly source: CallArgument;
  /** Set when the argument is a literal. */
  readonly constant: string | undefined;
  /** The argument's text under the rules for unresolved names. */
  readonly text: Evaluate;
  /** The argument's text; null when it is an unresolved name without fallback. */
  readonly textOrNull: (flow: Flow) => string | null;
}

/** One call in a template, while it is compiled. */
export interface FunctionCall {
  /** The function's name as the template spells it. */
  readonly name: string;
  readonly arguments: readonly FunctionArgument[];
  /** Reports that a literal argument can never work, which stops the deployment. */
  readonly reject: (argument: FunctionArgument, problem: string) => void;
}

/** Fixed text if nothing in the call varies, else what gives its text. */
export type Compiled = string | Evaluate;

/** A function that message templates may call ("Message templates", Function reference). */
export interface TemplateFunction {
  /** Fewest and most arguments. */
  readonly least: number;
  readonly most: number;
  /** `call` has a number of arguments that the function takes. */
  readonly compile: (call: FunctionCall) => Compiled;
  /** The documented name, where this one is another spelling of it. */
  readonly aliasOf?: string;
}

export type FunctionTable = Readonly<Record<string, TemplateFunction>>;

/** A function of one text that gives the same result whenever it is called. */
export function ofText(apply: (text: string) => string): TemplateFunction {
  return {
    least: 1,
    most: 1,
    compile({ arguments: [argument] }) {
      if (argument === undefined) return '';
      if (argument.constant !== undefined) return apply(argument.constant);
      const { text } = argument;
      return (flow, onUnresolved) => apply(text(flow, onUnresolved));
    },
  };
}
