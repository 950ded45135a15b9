import { flowValueText, type FlowValue } from '../../message/flow-value.ts';
import type { Flow } from '../../variables/flow.ts';
import { immutableVariable, setVariableFailed } from './faults.ts';

/** Takes what an element finds. */
export interface Captures {
  readonly flow: Flow;
  set(name: string, value: FlowValue): void;
}

/** Sets the variables of one run of a policy. */
export class Extraction implements Captures {
  readonly flow: Flow;
  readonly #policy: string;
  readonly #prefix: string;
  readonly #names = new Set<string>();

  constructor(policy: string, prefix: string, flow: Flow) {
    this.flow = flow;
    this.#policy = policy;
    this.#prefix = prefix === '' ? '' : `${prefix}.`;
  }

  /**
   * Sets a variable. A name may not continue one that this run has set: `a.b` after `a`.
   * @throws {Fault} SetVariableFailed, ImmutableVariable
   */
  set(name: string, value: FlowValue): void {
    const variable = `${this.#prefix}${name}`;
    if (this.#continuesAnother(variable)) {
      throw setVariableFailed(this.#policy, variable, flowValueText(value));
    }
    const outcome = this.flow.variables.set(variable, value);
    if (outcome === 'read-only') throw immutableVariable(this.#policy, variable);
    if (outcome === 'ignored') {
      this.flow.host.log.warn({ policy: this.#policy, variable }, 'A variable could not be set');
    }
    this.#names.add(variable);
  }

  #continuesAnother(variable: string): boolean {
    for (let dot = variable.indexOf('.'); dot >= 0; dot = variable.indexOf('.', dot + 1)) {
      if (this.#names.has(variable.slice(0, dot))) return true;
    }
    return false;
  }
}
