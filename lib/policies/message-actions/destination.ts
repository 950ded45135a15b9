import { Message, type MessageKind } from '../../message/message.ts';
import type { Flow } from '../../variables/flow.ts';
import { variableReference, type FlowPhase } from '../../variables/flow-variables.ts';
import type { SourceFaults } from '../message-source.ts';
import type { AssignToNode } from './grammar.ts';

/** Finds or creates the message that a policy changes. */
export type Destination = (flow: Flow) => Destined;

export interface Destined {
  readonly message: Message;
  /**
   * Puts a new message in the place of the flow's own. Called once the actions are done: until then
   * their templates and copies read the old one.
   */
  readonly replace?: () => void;
}

/**
 * Compiles AssignTo. Without a name it is the message of the flow, whatever `type` says: most published
 * policies carry `type="request"` there, in response flows and fault rules too.
 *
 * @throws {Fault} at run time, where `createNew` is false and the variable holds no message
 */
export function compileDestination(
  assignTo: AssignToNode | undefined,
  faults: SourceFaults,
): Destination {
  const given = assignTo?.value ?? '';
  const name = given === '' ? 'message' : given;
  const createNew = assignTo?.createNew;
  const reference = variableReference(name);

  const create = (flow: Flow, bound: string): Destined => {
    const message = newMessage(kindOf(bound, assignTo?.type, flow.variables.phase));
    const replace = () => {
      flow.variables.set(bound, message);
    };
    if (isFlowMessage(bound) && flow.variables.message(bound) !== undefined)
      return { message, replace };
    replace();
    return { message };
  };
  if (createNew === true) return (flow) => create(flow, boundName(name, flow));
  return (flow) => {
    const bound = boundName(name, flow);
    const held = flow.variables.message(bound);
    if (held !== undefined) return { message: held };
    if (createNew === undefined || given === '') return create(flow, bound);
    const value = reference.read(flow.variables);
    throw value === null || value === undefined
      ? faults.unavailable(name)
      : faults.notMessage(name);
  };
}

/** In the error flow the response on its way to the client is `error`. */
function boundName(name: string, { variables }: Flow): string {
  return name === 'response' && variables.phase === 'error' ? 'error' : name;
}

function isFlowMessage(name: string): boolean {
  return name === 'message' || name === 'request' || name === 'response' || name === 'error';
}

/** The flow's own messages keep their kind; `type` is for others. */
function kindOf(name: string, type: MessageKind | undefined, phase: FlowPhase): MessageKind {
  const byPhase = phase === 'request' ? 'request' : 'response';
  if (name === 'message') return byPhase;
  if (name === 'request') return 'request';
  if (name === 'response' || name === 'error') return 'response';
  return type ?? byPhase;
}

function newMessage(kind: MessageKind): Message {
  const message = new Message(kind);
  if (kind === 'response') message.statusCode = 200;
  return message;
}
