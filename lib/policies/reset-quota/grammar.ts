import {
  attribute,
  element,
  ignored,
  many,
  optional,
  type NodeOf,
} from '../../xml/grammar/element.ts';
import { text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

const nameOrRef = {
  name: attribute(text, 'Its name.'),
  ref: attribute(text, 'Flow variable that holds the name; name is used if that is not set.'),
} as const;

const allow = element({
  doc: 'How much to give back.',
  attributes: {
    ref: attribute(text, 'Flow variable that holds it; the text if that is not set.'),
  },
  text,
});

const identifier = element({
  doc: 'The identifier whose counter is reset; _default unless named.',
  attributes: nameOrRef,
  children: {
    allow: optional('Allow', allow),
    class: optional(
      'Class',
      element({
        doc: 'The class whose counter is reset.',
        attributes: nameOrRef,
        children: { allow: optional('Allow', allow) },
      }),
    ),
  },
});

/** Grammar of ResetQuota ("ResetQuota policy"). */
export const resetQuotaGrammar = policyElement('Gives back what a Quota policy counted.', {
  quota: optional(
    'Quota',
    element({
      doc: 'A Quota policy of the same bundle.',
      attributes: nameOrRef,
      children: { identifier: many('Identifier', identifier) },
    }),
  ),
  unused: ignored('Properties', 'Present in old bundles; not used.'),
});

export type ResetQuotaPolicy = PolicyNode<'ResetQuota', typeof resetQuotaGrammar>;
export type IdentifierNode = NodeOf<typeof identifier>;
export type AllowNode = NodeOf<typeof allow>;
