import {
  attribute,
  element,
  ignored,
  leaf,
  optional,
  type Attribute,
  type Attributes,
  type ElementSyntax,
  type Fields,
  type NodeOf,
} from '../xml/grammar/element.ts';
import { boolean, text } from '../xml/grammar/value.ts';

const commonAttributes = {
  name: attribute(text, 'Identifies the policy in steps, variables and fault strings.'),
  continueOnError: attribute(boolean, 'true: a failure does not stop the flow.', false),
  enabled: attribute(boolean, 'false: the step is skipped.', true),
  async: attribute(boolean, 'Deprecated; has no effect.', false),
} as const;

const commonChildren = {
  displayName: optional('DisplayName', leaf(text, 'Label for people; the name unless given.')),
  old: ignored(['Description', 'FaultRules'], 'Legal in old bundles on any policy; not used.'),
} as const;

/** The root element of a policy: what all policies share, and the children and attributes of its own. */
export function policyElement<const C extends Fields>(
  doc: string,
  children: C,
): ElementSyntax<typeof commonAttributes, never, typeof commonChildren & C>;
export function policyElement<const C extends Fields, const A extends Attributes>(
  doc: string,
  children: C,
  attributes: A,
): ElementSyntax<typeof commonAttributes & A, never, typeof commonChildren & C>;
export function policyElement(
  doc: string,
  children: Fields,
  attributes: Attributes = {},
): ElementSyntax<Attributes, never> {
  return element({
    doc,
    attributes: { ...commonAttributes, ...attributes },
    children: { ...commonChildren, ...children },
  });
}

export type PolicyElement = ElementSyntax<
  typeof commonAttributes & Readonly<Record<string, Attribute<unknown, unknown>>>
>;

/** A policy's AST: what its grammar describes, its type, and a name that is always there. */
export type PolicyNode<Type extends string, E extends ElementSyntax> = Omit<NodeOf<E>, 'name'> & {
  readonly type: Type;
  readonly name: string;
};
