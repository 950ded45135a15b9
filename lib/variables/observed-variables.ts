import type { FlowValue } from '../message/flow-value.ts';
import { FlowVariables, type PredefinedValues, type WriteOutcome } from './flow-variables.ts';
import type { VariableReference } from './variable-reference.ts';

/** Told of every variable that a flow reads or writes. Its methods may not throw. */
export interface AccessObserver {
  /** `value` is null or undefined for what is unresolved. */
  readVariable(name: string, value: FlowValue): void;
  /** A null or undefined value asks for removal. */
  wroteVariable(name: string, value: FlowValue, outcome: WriteOutcome): void;
}

/**
 * Variables whose reads are told as well as their writes. A class of its own, chosen when a transaction
 * starts, so that transactions nobody watches do not even ask whether somebody does.
 */
export class ObservedVariables extends FlowVariables {
  readonly #observer: AccessObserver;

  constructor(predefined: PredefinedValues, observer: AccessObserver) {
    super(predefined);
    this.#observer = observer;
  }

  override read(reference: VariableReference): FlowValue {
    const value = super.read(reference);
    this.#observer.readVariable(reference.name, value);
    return value;
  }

  override readPlain(name: string): FlowValue {
    const value = super.readPlain(name);
    this.#observer.readVariable(name, value);
    return value;
  }

  override write(reference: VariableReference, value: FlowValue): WriteOutcome {
    const outcome = super.write(reference, value);
    this.#observer.wroteVariable(reference.name, value, outcome);
    return outcome;
  }
}
