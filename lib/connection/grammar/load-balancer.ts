import { attribute, element, ignored, leaf, many, optional } from '../../xml/grammar/element.ts';
import { boolean, integer, oneOf, text } from '../../xml/grammar/value.ts';

export const loadBalancer = element({
  doc: 'Spreads calls over target servers ("Load balancing across backend servers").',
  children: {
    algorithm: optional(
      'Algorithm',
      leaf(
        oneOf('RoundRobin', 'Weighted', 'LeastConnections'),
        'How the next server is chosen; RoundRobin unless given.',
      ),
    ),
    server: many(
      'Server',
      element({
        doc: 'A target server of the environment.',
        attributes: { name: attribute(text, 'Name of the target server.', '') },
        children: {
          weight: optional(
            'Weight',
            leaf(integer, 'Share of the calls under Weighted; 1 unless given.'),
          ),
          isEnabled: optional('IsEnabled', leaf(boolean, 'false takes the server out.')),
          isFallback: optional(
            'IsFallback',
            leaf(boolean, 'true: used only when every other server is out.'),
          ),
        },
      }),
    ),
    maxFailures: optional(
      'MaxFailures',
      leaf(
        integer,
        'Failures after which a server is taken out; 0, the default, never takes one out.',
      ),
    ),
    retryEnabled: optional(
      'RetryEnabled',
      leaf(boolean, 'Tries another server after a failure; true unless given.'),
    ),
    serverUnhealthyResponse: optional(
      'ServerUnhealthyResponse',
      element({
        doc: 'Status codes that count as failures of a server.',
        children: { responseCode: many('ResponseCode', leaf(integer, 'A status code.')) },
      }),
    ),
    old: ignored('TargetDisableSecs', 'Read for old bundles; not used.'),
  },
});
