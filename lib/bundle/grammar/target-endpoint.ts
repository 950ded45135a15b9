import {
  httpTargetConnection,
  localTargetConnection,
} from '../../connection/grammar/target-connections.ts';
import { element, ignored, leaf, ordered, type NodeOf } from '../../xml/grammar/element.ts';
import { markupTemplate } from '../../xml/grammar/value.ts';
import { endpointAttributes, endpointChildren, type NamedDocument } from './endpoint.ts';

/** Ways of Apigee Edge to reach a target, which Apigee X and this runtime do not have. */
const unsupported = leaf(markupTemplate, 'Apigee Edge only; refused.');

/** Grammar of TargetEndpoint ("API proxy configuration reference"). Children may stand in any order. */
export const targetEndpointGrammar = element({
  doc: 'How a service is reached, and what happens to its requests and responses.',
  attributes: endpointAttributes,
  children: {
    ...endpointChildren,
    connections: ordered({
      HTTPTargetConnection: httpTargetConnection,
      LocalTargetConnection: localTargetConnection,
      ScriptTarget: unsupported,
      HostedTarget: unsupported,
      WebSocketTargetConnection: unsupported,
    }),
    old: ignored('Statistics', 'Read for old bundles; not used.'),
  },
});

/** A deployable one has exactly one of `connections`. */
export type TargetEndpoint = NamedDocument<'TargetEndpoint', NodeOf<typeof targetEndpointGrammar>>;
export type TargetConnectionNode = TargetEndpoint['connections'][number];
