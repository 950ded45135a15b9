import { attribute, element, leaf, optional } from '../../xml/grammar/element.ts';
import { oneOf, text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

const identifier = (doc: string) =>
  element({
    doc,
    attributes: {
      ref: attribute(text, 'Variable that holds the value.', ''),
      type: attribute(text, 'What the value is, such as consumerkey or appname.', ''),
    },
    text,
  });

const entityIdentifier = optional('EntityIdentifier', identifier('What identifies the entity.'));
const secondaryIdentifier = optional(
  'SecondaryIdentifier',
  identifier('A second identifier, where one is not enough.'),
);

/** Grammar of AccessEntity ("AccessEntity policy"). */
export const accessEntityGrammar = policyElement(
  'Puts the profile of an app, a developer or another entity into a variable.',
  {
    entityType: optional(
      'EntityType',
      element({
        doc: 'The type of entity.',
        attributes: { value: attribute(text, 'app, developer, apiproduct, consumerkey, ...', '') },
        text,
      }),
    ),
    entityIdentifier,
    secondaryIdentifier,
    identifiers: optional(
      'Identifiers',
      element({
        doc: 'Identifiers in the newer form.',
        children: {
          identifier: optional(
            'Identifier',
            element({
              doc: 'The identifiers of one entity.',
              children: { entityIdentifier, secondaryIdentifier },
            }),
          ),
        },
      }),
    ),
    outputFormat: optional('OutputFormat', leaf(oneOf('XML', 'JSON'), 'XML unless given.')),
  },
);

export type AccessEntityPolicy = PolicyNode<'AccessEntity', typeof accessEntityGrammar>;
