import type { Fault } from '../fault/fault.ts';
import type { Message } from '../message/message.ts';
import type { Flow } from '../variables/flow.ts';
import { variableReference } from '../variables/flow-variables.ts';

/** The faults of a policy whose Source must be a message. */
export interface SourceFaults {
  /** There is no such variable. */
  readonly unavailable: (source: string) => Fault;
  /** There is, and it holds no message. */
  readonly notMessage: (source: string) => Fault;
}

/** Compiles a Source that must be a whole message. @throws {Fault} at run time, when it is none */
export function compileMessageSource(name: string, faults: SourceFaults): (flow: Flow) => Message {
  const reference = variableReference(name);
  return ({ variables }) => {
    const message = variables.message(name);
    if (message !== undefined) return message;
    const value = reference.read(variables) ?? null;
    throw value === null ? faults.unavailable(name) : faults.notMessage(name);
  };
}
