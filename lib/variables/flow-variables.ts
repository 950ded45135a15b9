import type { FlowValue } from '../message/flow-value.ts';
import { Message } from '../message/message.ts';
import type { WriteOutcome } from '../message/message-property.ts';
import type { Predefined } from './predefined.ts';
import { variableReference, type VariableReference } from './variable-reference.ts';

export { flowValueText } from '../message/flow-value.ts';
export type { WriteOutcome } from '../message/message-property.ts';
export { variableReference, type VariableReference } from './variable-reference.ts';

/** Decides which message the name `message` means ("Flow variables reference", `message`). */
export type FlowPhase = 'request' | 'response' | 'error';

/** Told the name, as the writer spelled it, of every variable that is set or removed. */
export type WriteListener = (name: string) => void;

/** Where a store asks for what nobody set. */
export interface PredefinedValues {
  access(name: string): Predefined['access'] | undefined;
  read(name: string): FlowValue;
}

const nothingPredefined: PredefinedValues = { access: () => undefined, read: () => null };

const none: readonly string[] = [];

/**
 * The variables of one transaction. A name means a part of a message if some prefix of it holds one,
 * the longest such prefix first; else a variable of exactly that name; else a predefined variable.
 * Reading never throws, and gives null for whatever is unresolved.
 */
export class FlowVariables {
  /** Whoever runs the flow moves it on; `message` follows. */
  phase: FlowPhase = 'request';
  readonly #predefined: PredefinedValues;
  // A Map, so that `__proto__` is a name like any other. Null is kept only where it hides a predefined variable.
  readonly #values = new Map<string, FlowValue>();
  #listeners: Set<WriteListener> | undefined;
  /** Names whose values the engine wrote and nobody has written since. */
  #announced: readonly string[] = none;

  constructor(predefined: PredefinedValues = nothingPredefined) {
    this.#predefined = predefined;
  }

  get(name: string): FlowValue {
    return this.read(variableReference(name));
  }

  /**
   * Sets a variable; null leaves it unresolved. Never throws: what cannot be written stays as it was,
   * and the outcome says so.
   */
  set(name: string, value: FlowValue): WriteOutcome {
    return this.write(variableReference(name), value);
  }

  /** Unbinds a message, removes a part of one (`q.header.x`, `q.content`), or forgets a variable. */
  remove(name: string): WriteOutcome {
    return this.set(name, null);
  }

  /** Sets also what policies may only read, such as a predefined variable. */
  seed(name: string, value: FlowValue): void {
    const { parts } = variableReference(name);
    for (const { message: holder, property } of parts) {
      const message = this.message(holder);
      if (message !== undefined && property.seed(message, value) === 'written') {
        this.#tell(name);
        return;
      }
    }
    this.#store(bindingOf(name, this.phase), value);
    this.#tell(name);
  }

  /** What was set, messages whole and under their own names; predefined variables are not among it. */
  *entries(): IterableIterator<[string, FlowValue]> {
    for (const entry of this.#values) if (entry[1] !== null) yield entry;
  }

  /** The message that a name means now, if it holds one. */
  message(name: string): Message | undefined {
    const value = this.#values.get(bindingOf(name, this.phase));
    return value instanceof Message ? value : undefined;
  }

  /** Calls `listener` after every write, until the returned function is called. */
  observe(listener: WriteListener): () => void {
    // A function of our own, so that observing twice with one listener is two observations.
    const own: WriteListener = (name) => {
      listener(name);
    };
    (this.#listeners ??= new Set()).add(own);
    return () => {
      this.#listeners?.delete(own);
    };
  }

  read({ name, parts }: VariableReference): FlowValue {
    const own = this.#values.get(bindingOf(name, this.phase));
    // Most names cannot be a part of a message; the guard saves them half their time.
    if (parts.length > 0 && !(own instanceof Message)) {
      for (const { message: holder, property } of parts) {
        const message = this.#values.get(bindingOf(holder, this.phase));
        if (message instanceof Message) return property.read(message);
      }
    }
    return own === undefined ? this.#predefined.read(name) : own;
  }

  /** @internal As `read`, for a name that no part of a message can have. */
  readPlain(name: string): FlowValue {
    const own = this.#values.get(name);
    return own === undefined ? this.#predefined.read(name) : own;
  }

  write(reference: VariableReference, value: FlowValue): WriteOutcome {
    const outcome = this.#write(reference, value);
    if (outcome === 'written') this.#tell(reference.name);
    return outcome;
  }

  /**
   * Writes what a flow may read or overwrite, and remembers that it is the engine's word: until somebody
   * else writes the name, even with the same value, `isAnnounced` is true.
   */
  announce(reference: VariableReference, value: FlowValue): void {
    this.write(reference, value);
    this.#announced = [...this.#announced, reference.name];
  }

  isAnnounced({ name }: VariableReference): boolean {
    return this.#announced.includes(name);
  }

  #write({ name, parts }: VariableReference, value: FlowValue): WriteOutcome {
    const binding = bindingOf(name, this.phase);
    if (!(this.#values.get(binding) instanceof Message)) {
      for (const { message: holder, property } of parts) {
        const message = this.#messageToWrite(holder);
        if (message !== undefined) return property.write(message, value);
      }
      if (parts.some(({ message }) => isBuiltInMessage(message))) return 'ignored';
    }
    if (isBuiltInMessage(binding) && !isAbsent(value) && !(value instanceof Message)) {
      return 'read-only';
    }
    if (this.#predefined.access(name) === 'read-only') return 'read-only';
    this.#store(binding, value);
    return 'written';
  }

  /** In the error flow the response on its way to the client is `error`, so writes to `response` go there. */
  #messageToWrite(name: string): Message | undefined {
    const pending =
      name === 'response' && this.phase === 'error' ? this.message('error') : undefined;
    return pending ?? this.message(name);
  }

  #store(name: string, value: FlowValue): void {
    if (this.#announced.includes(name)) {
      this.#announced = this.#announced.filter((other) => other !== name);
    }
    if (!isAbsent(value)) this.#values.set(name, value);
    else if (this.#predefined.access(name) === undefined) this.#values.delete(name);
    else this.#values.set(name, null);
  }

  #tell(name: string): void {
    if (this.#listeners !== undefined) for (const listener of this.#listeners) listener(name);
  }
}

/** The name under which a variable is kept. */
function bindingOf(name: string, phase: FlowPhase): string {
  return name === 'message' ? phase : name;
}

function isBuiltInMessage(name: string): boolean {
  return name === 'request' || name === 'response' || name === 'error' || name === 'message';
}

function isAbsent(value: FlowValue): value is null | undefined {
  return value === null || value === undefined;
}
