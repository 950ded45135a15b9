import type { Fault } from '../../fault/fault.ts';
import { Message } from '../../message/message.ts';
import type { Flow } from '../../variables/flow.ts';
import type { FlowVariables } from '../../variables/flow-variables.ts';
import { variableReference } from '../../variables/flow-variables.ts';
import { isTransactionMessage } from '../payload-use.ts';
import { javaClassOf } from './java-class.ts';

/** The faults that converting policies share, each under its own code. */
export interface ConversionFaults {
  sourceUnavailable(policy: string, source: string): Fault;
  invalidSourceType(javaClass: string): Fault;
  outputVariableIsNotAvailable(policy: string): Fault;
  inCompatibleTypes(policy: string): Fault;
}

export interface Conversion {
  /** The policy's name. */
  readonly policy: string;
  /** Empty: `message`. */
  readonly source: string;
  /** Empty: the source. */
  readonly output: string;
  /** A message that is something else is left alone. */
  readonly accepts: (message: Message) => boolean;
  /** @throws {Fault} */
  readonly convert: (text: string) => string;
  /** Content-Type of a message that takes the result. */
  readonly contentType: string;
  readonly faults: ConversionFaults;
}

/**
 * The program of a policy that turns one text into another. A message is converted by its content type,
 * a text always, and a text only into a text.
 */
export function compileConversion(conversion: Conversion): (flow: Flow) => void {
  const { policy, accepts, convert, faults } = conversion;
  const source = conversion.source === '' ? 'message' : conversion.source;
  const reference = variableReference(source);
  const write = compileOutput(conversion);

  return ({ variables }) => {
    const value = variables.message(source) ?? reference.read(variables);
    if (value === null || value === undefined) throw faults.sourceUnavailable(policy, source);
    if (value instanceof Message) {
      if (accepts(value)) write(variables, value, () => convert(value.content));
      return;
    }
    if (typeof value !== 'string') throw faults.invalidSourceType(javaClassOf(value));
    write(variables, value, () => convert(value));
  };
}

/** Who takes the result is decided first: nothing is converted for nobody. */
type Write = (variables: FlowVariables, source: Message | string, convert: () => string) => void;

function compileOutput({ policy, output, contentType, faults }: Conversion): Write {
  const reference = variableReference(output);
  const writeMessage = (message: Message, text: string): void => {
    message.headers.set('Content-Type', contentType);
    message.content = text;
  };
  return (variables, source, convert) => {
    const isText = typeof source === 'string';
    if (output === '') {
      if (isText) throw faults.outputVariableIsNotAvailable(policy);
      writeMessage(source, convert());
      return;
    }
    const message = variables.message(output);
    if (isText && (message !== undefined || isTransactionMessage(output))) {
      throw faults.inCompatibleTypes(policy);
    }
    const text = convert();
    if (message !== undefined) {
      writeMessage(message, text);
    } else if (isTransactionMessage(output)) {
      const made = new Message(output === 'request' ? 'request' : 'response');
      writeMessage(made, text);
      variables.set(output, made);
    } else {
      variables.write(reference, text);
    }
  };
}
