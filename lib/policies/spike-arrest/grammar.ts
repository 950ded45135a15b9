import { attribute, element, ignored, leaf, optional } from '../../xml/grammar/element.ts';
import { boolean, text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';
import { identifier } from '../rate-limiting/identifier.ts';
import { messageWeight } from '../rate-limiting/message-weight.ts';

/** Grammar of SpikeArrest ("SpikeArrest policy"). */
export const spikeArrestGrammar = policyElement('Smooths traffic to a rate.', {
  rate: optional(
    'Rate',
    element({
      doc: 'Messages per second or minute, such as 30ps or 12pm.',
      attributes: {
        ref: attribute(text, 'Flow variable that holds the rate; the text if that is not set.'),
      },
      text,
    }),
  ),
  identifier: optional('Identifier', identifier),
  messageWeight: optional('MessageWeight', messageWeight),
  useEffectiveCount: optional(
    'UseEffectiveCount',
    leaf(boolean, 'true: the rate is that of all gateways together which share a state store.'),
  ),
  unused: ignored('Properties', 'Present in old bundles; not used.'),
});

export type SpikeArrestPolicy = PolicyNode<'SpikeArrest', typeof spikeArrestGrammar>;
