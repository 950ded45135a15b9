import {
  attribute,
  element,
  ignored,
  leaf,
  many,
  optional,
  ordered,
  type NodeOf,
} from '../../xml/grammar/element.ts';
import { boolean, integer, oneOf, text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

const referable = (doc: string) =>
  element({
    doc,
    attributes: { ref: attribute(text, 'Flow variable to take instead, if it is set.') },
    text,
  });

const key = element({
  doc: 'Names the entry: the parameters, joined by two underscores.',
  children: { parameter: many('Parameter', referable('A part of the key.')) },
});

const value = referable('A value of the entry.');

const entry = element({
  doc: 'An entry, in literals only.',
  children: { key: optional('Key', key), value: many('Value', leaf(text, 'A value.')) },
});

/** Grammar of KeyValueMapOperations ("KeyValueMapOperations policy"). */
export const keyValueMapOperationsGrammar = policyElement(
  'Reads and writes entries of a key-value map.',
  {
    mapName: optional('MapName', referable('Name of the map, in place of mapIdentifier.')),
    scope: optional(
      'Scope',
      leaf(
        oneOf('organization', 'environment', 'apiproxy', 'policy'),
        'Whose map it is; of the environment unless given.',
      ),
    ),
    expiryTimeInSecs: optional(
      'ExpiryTimeInSecs',
      leaf(
        text,
        'How old a copy of an entry may be, where the host wants copies; 300 unless given.',
      ),
    ),
    initialEntries: optional(
      'InitialEntries',
      element({
        doc: 'Entries that a deployment puts into the map, in place of those that it has.',
        children: { entry: many('Entry', entry) },
      }),
    ),
    operations: ordered({
      Get: element({
        doc: 'Reads an entry; one that is not there leaves the variable as it was.',
        attributes: {
          assignTo: attribute(text, 'Variable that gets the value, or the list of several.', ''),
          index: attribute(integer, 'Which of several values, counted from 1.'),
        },
        children: { key: optional('Key', key) },
      }),
      Put: element({
        doc: 'Writes an entry.',
        attributes: {
          override: attribute(boolean, 'true: an entry that is there is replaced.', false),
        },
        children: { key: optional('Key', key), value: many('Value', value) },
      }),
      Delete: element({
        doc: 'Removes an entry.',
        children: { key: optional('Key', key) },
      }),
    }),
    unused: ignored(['ExclusiveCache', 'Properties'], 'Deprecated; not used.'),
  },
  {
    mapIdentifier: attribute(text, 'Name of the map; kvmap unless given.'),
    encrypted: attribute(boolean, 'Of Apigee Edge; not used.', false),
  },
);

export type KeyValueMapOperationsPolicy = PolicyNode<
  'KeyValueMapOperations',
  typeof keyValueMapOperationsGrammar
>;
export type OperationNode = KeyValueMapOperationsPolicy['operations'][number];
export type KeyNode = NodeOf<typeof key>;
export type ReferableNode = NodeOf<typeof value>;
