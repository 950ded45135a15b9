import { ignored, leaf, optional } from '../../xml/grammar/element.ts';
import { integer, oneOf, text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

/** Grammar of GraphQL ("GraphQL policy"). */
export const graphqlGrammar = policyElement(
  'Reads a GraphQL request into variables, and holds it to limits and to a schema.',
  {
    source: optional(
      'Source',
      leaf(text, 'The request, or a text in the GraphQL language; request unless given.'),
    ),
    operationType: optional(
      'OperationType',
      leaf(
        oneOf('query', 'mutation', 'query_mutation', 'all'),
        'Operations that are allowed; query unless given.',
      ),
    ),
    maxDepth: optional(
      'MaxDepth',
      leaf(integer, 'Selections inside one another, where Action parses; 10 unless given.'),
    ),
    maxCount: optional(
      'MaxCount',
      leaf(integer, 'Operations and fragments of a request; 10 unless given.'),
    ),
    maxPayloadSize: optional(
      'MaxPayloadSizeInBytes',
      leaf(integer, 'Bytes of the request text; no limit unless given.'),
    ),
    action: optional(
      'Action',
      leaf(
        oneOf('parse', 'verify', 'parse_verify'),
        'parse sets variables, verify asks the schema; parse unless given.',
      ),
    ),
    resourceUrl: optional('ResourceURL', leaf(text, 'The schema: graphql://FILE.')),
    unused: ignored('Properties', 'Present in old bundles; not used.'),
  },
);

export type GraphQlPolicy = PolicyNode<'GraphQL', typeof graphqlGrammar>;
