import { element, first, ignored, leaf, many, type NodeOf } from '../../xml/grammar/element.ts';
import { text } from '../../xml/grammar/value.ts';

/** A condition's text keeps its place, so that what is wrong in it can be pointed at. */
export const condition = first(
  'Condition',
  leaf(text, 'When it applies ("Conditions reference"); always unless given.'),
);

export const description = first('Description', leaf(text, 'A remark for people.'));

const step = element({
  doc: 'Runs a policy of the bundle.',
  children: {
    name: first('Name', leaf(text, "The policy's name.")),
    condition,
    old: ignored(['FaultRules', 'Description'], 'Read for old bundles; not used.'),
  },
});

/** Old bundles write `Policy` for `Step`. */
export const steps = many(['Step', 'Policy'], step);

/** The steps of one direction of a flow. */
export const direction = element({
  doc: 'Steps, in the order they run.',
  children: { step: steps },
});

export type StepNode = NodeOf<typeof step>;
export type DirectionNode = NodeOf<typeof direction>;
