import { Fault } from '../fault/fault.ts';

/**
 * A template function that could not do its work with the values it was given: a regular expression
 * from a variable that makes no sense, a time that is no number. It is a fault, so a flow treats it
 * like any other. Apigee documents no code for it; this one is ours. `problem` reaches clients and
 * logs, so it quotes no value of a variable.
 */
export class TemplateFunctionError extends Fault {
  /** The function's name as the template spells it. */
  readonly function: string;

  constructor(name: string, problem: string, cause?: unknown) {
    super({
      code: 'entities.TemplateFunctionFailed',
      faultstring: `Message template function ${name} failed: ${problem}`,
      cause,
    });
    this.function = name;
  }
}
