import { attribute, element, first, leaf, many, type NodeOf } from '../../xml/grammar/element.ts';
import { boolean, text } from '../../xml/grammar/value.ts';
import { condition, description, steps } from './step.ts';

const name = attribute(text, 'Names it in traces.');

const faultRule = element({
  doc: 'Steps for the faults that its condition tells ("Handling faults").',
  attributes: { name },
  children: { description, condition, step: steps },
});

export const faultRules = element({
  doc: 'At most one of these runs: in a proxy endpoint the last that holds, in a target endpoint the first.',
  children: { faultRule: many('FaultRule', faultRule) },
});

export const defaultFaultRule = element({
  doc: 'Runs when no fault rule did.',
  attributes: { name },
  children: {
    description,
    condition,
    alwaysEnforce: first('AlwaysEnforce', leaf(boolean, 'true: runs after a fault rule too.')),
    step: steps,
  },
});

export type FaultRuleNode = NodeOf<typeof faultRule>;
export type DefaultFaultRuleNode = NodeOf<typeof defaultFaultRule>;
