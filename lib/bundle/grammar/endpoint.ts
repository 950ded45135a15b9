import { attribute, first, optional } from '../../xml/grammar/element.ts';
import { text } from '../../xml/grammar/value.ts';
import { defaultFaultRule, faultRules } from './fault-rules.ts';
import { conditionalFlows, eventFlow, unconditionalFlow } from './flow.ts';
import { description } from './step.ts';

export const endpointAttributes = {
  name: attribute(text, 'Names the endpoint in the bundle; the name of its file unless given.'),
} as const;

/** What proxy endpoints and target endpoints have in common. */
export const endpointChildren = {
  description,
  preFlow: first('PreFlow', unconditionalFlow),
  flows: first('Flows', conditionalFlows),
  postFlow: first('PostFlow', unconditionalFlow),
  // Unlike of the others, of several the last runs ("Streaming server-sent events").
  eventFlow: optional('EventFlow', eventFlow),
  faultRules: first('FaultRules', faultRules),
  defaultFaultRule: first('DefaultFaultRule', defaultFaultRule),
} as const;

/** An AST of a whole document: what its grammar describes, its type, and a name that is always there. */
export type NamedDocument<Type extends string, Node> = Omit<Node, 'name'> & {
  readonly type: Type;
  readonly name: string;
};
