import { ignored, leaf, optional } from '../../xml/grammar/element.ts';
import { integer, text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

const limit = (doc: string) => leaf(integer, `${doc} No limit if it is negative or not given.`);

/** Grammar of JSONThreatProtection ("JSONThreatProtection policy"). */
export const jsonThreatProtectionGrammar = policyElement('Refuses JSON beyond given limits.', {
  source: optional('Source', leaf(text, 'The message to look at; request unless given.')),
  arrayElementCount: optional('ArrayElementCount', limit('Elements of one array.')),
  containerDepth: optional('ContainerDepth', limit('Arrays and objects inside one another.')),
  objectEntryCount: optional('ObjectEntryCount', limit('Entries of one object.')),
  objectEntryNameLength: optional(
    'ObjectEntryNameLength',
    limit('Characters of the name of an entry.'),
  ),
  stringValueLength: optional('StringValueLength', limit('Characters of a text.')),
  unused: ignored('Properties', 'Present in old bundles; not used.'),
});

export type JsonThreatProtectionPolicy = PolicyNode<
  'JSONThreatProtection',
  typeof jsonThreatProtectionGrammar
>;
