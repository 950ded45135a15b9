import {
  messageProperty,
  type MessageProperty,
  type WriteOutcome,
} from '../message/message-property.ts';
import type { FlowValue } from '../message/flow-value.ts';
import type { FlowVariables } from './flow-variables.ts';

/** A way to read a name: as a part of a message, if that message exists when it is read. */
export interface MessagePart {
  readonly message: string;
  readonly property: MessageProperty;
}

/** A name prepared once: reading it splits, searches and copies nothing. */
export interface VariableReference {
  readonly name: string;
  /** The longest message name first. */
  readonly parts: readonly MessagePart[];
  /** Null while unresolved. */
  read(variables: FlowVariables): FlowValue;
  /** Null leaves the variable unresolved. */
  write(variables: FlowVariables, value: FlowValue): WriteOutcome;
}

/** A message's name has at most so many parts; it keeps a hostile name from costing its length squared. */
const MOST_NAME_PARTS = 32;
const MOST_REMEMBERED = 10_000;
const LONGEST_REMEMBERED = 500;

const remembered = new Map<string, VariableReference>();

/** Prepares a name. Names are remembered, up to a bound, so asking again is cheap. */
export function variableReference(name: string): VariableReference {
  const known = remembered.get(name);
  if (known !== undefined) return known;
  const reference = new PreparedReference(name);
  if (name.length <= LONGEST_REMEMBERED) {
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(name, reference);
  }
  return reference;
}

class PreparedReference implements VariableReference {
  readonly name: string;
  readonly parts: readonly MessagePart[];
  /** No message can stand behind the name, so that one look-up answers a read. */
  readonly #isPlain: boolean;

  constructor(name: string) {
    this.name = name;
    this.parts = messageParts(name);
    this.#isPlain = this.parts.length === 0 && name !== 'message';
  }

  read(variables: FlowVariables): FlowValue {
    return this.#isPlain ? variables.readPlain(this.name) : variables.read(this);
  }

  write(variables: FlowVariables, value: FlowValue): WriteOutcome {
    return variables.write(this, value);
  }
}

function messageParts(name: string): readonly MessagePart[] {
  const parts: MessagePart[] = [];
  let dot = name.indexOf('.');
  for (let count = 0; dot >= 0 && count < MOST_NAME_PARTS; count++) {
    const property = dot > 0 ? messageProperty(name.slice(dot + 1)) : undefined;
    if (property !== undefined) parts.unshift({ message: name.slice(0, dot), property });
    dot = name.indexOf('.', dot + 1);
  }
  return parts;
}
