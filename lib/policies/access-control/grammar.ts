import {
  attribute,
  element,
  ignored,
  leaf,
  many,
  optional,
  type NodeOf,
} from '../../xml/grammar/element.ts';
import { boolean, oneOf, template, text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

const sourceAddress = element({
  doc: 'An address, or with a mask the block of addresses that it is in.',
  attributes: {
    mask: attribute(
      template,
      'How many bits of the address count; all unless given. A message template.',
    ),
  },
  text: template,
});

const matchRule = element({
  doc: 'What becomes of an address that is in one of these blocks.',
  attributes: {
    action: attribute(oneOf('ALLOW', 'DENY'), 'What becomes of the request.', 'ALLOW'),
  },
  children: { sourceAddress: many('SourceAddress', sourceAddress) },
});

/** Grammar of AccessControl ("AccessControl policy"). */
export const accessControlGrammar = policyElement(
  'Lets requests through, or denies them, by the address they come from.',
  {
    ipRules: optional(
      'IPRules',
      element({
        doc: 'Rules, tried from the first to the last; the first that matches decides.',
        attributes: {
          noRuleMatchAction: attribute(
            oneOf('ALLOW', 'DENY'),
            'What becomes of an address that no rule matches.',
            'ALLOW',
          ),
        },
        children: { matchRule: many('MatchRule', matchRule) },
      }),
    ),
    clientIpVariable: optional(
      'ClientIPVariable',
      leaf(text, 'Variable with the address; X-Forwarded-For is read unless given.'),
    ),
    validateBasedOn: optional(
      'ValidateBasedOn',
      leaf(
        oneOf('X_FORWARDED_FOR_ALL_IP', 'X_FORWARDED_FOR_FIRST_IP', 'X_FORWARDED_FOR_LAST_IP'),
        'Which addresses of X-Forwarded-For are tested; all unless given.',
      ),
    ),
    ignoreUnresolvedVariables: optional(
      'IgnoreUnresolvedVariables',
      leaf(boolean, 'true: an unresolved variable is empty text; false, the default: a fault.'),
    ),
    trueClientIp: ignored(
      'IgnoreTrueClientIPHeader',
      'Of Apigee Edge; the header True-Client-IP is never looked at.',
    ),
    unused: ignored('Properties', 'Present in old bundles; not used.'),
  },
);

export type AccessControlPolicy = PolicyNode<'AccessControl', typeof accessControlGrammar>;
export type MatchRuleNode = NodeOf<typeof matchRule>;
export type SourceAddressNode = NodeOf<typeof sourceAddress>;
