import { properties } from '../../connection/grammar/properties.ts';
import {
  attribute,
  element,
  first,
  ignored,
  leaf,
  many,
  type NodeOf,
} from '../../xml/grammar/element.ts';
import { template, text } from '../../xml/grammar/value.ts';
import { endpointAttributes, endpointChildren, type NamedDocument } from './endpoint.ts';
import { postClientFlow } from './flow.ts';
import { condition, description } from './step.ts';

const httpProxyConnection = element({
  doc: 'Where clients reach the proxy.',
  children: {
    basePath: first('BasePath', leaf(text, 'Path that requests begin with; / unless given.')),
    virtualHost: many('VirtualHost', leaf(text, 'Read for Edge bundles; not used.')),
    properties: first('Properties', properties),
    description,
  },
});

const routeRule = element({
  doc: 'Where a request goes on to; the first rule whose condition holds decides.',
  attributes: { name: attribute(text, 'Names it in variables and traces.') },
  children: {
    description,
    condition,
    targetEndpoint: first('TargetEndpoint', leaf(text, 'A target endpoint of the bundle.')),
    url: first('URL', leaf(template, 'An address that is called without a target endpoint.')),
    integrationEndpoint: first(
      'IntegrationEndpoint',
      leaf(text, 'An integration endpoint of the bundle.'),
    ),
  },
});

/** Grammar of ProxyEndpoint ("API proxy configuration reference"). Children may stand in any order. */
export const proxyEndpointGrammar = element({
  doc: 'How clients reach the proxy, what happens to their requests, and where these go.',
  attributes: endpointAttributes,
  children: {
    ...endpointChildren,
    postClientFlow: first('PostClientFlow', postClientFlow),
    httpProxyConnection: first('HTTPProxyConnection', httpProxyConnection),
    routeRule: many('RouteRule', routeRule),
    old: ignored(['Statistics', 'WebSocketProxyConnection'], 'Read for old bundles; not used.'),
  },
});

export type ProxyEndpoint = NamedDocument<'ProxyEndpoint', NodeOf<typeof proxyEndpointGrammar>>;
export type RouteRuleNode = NodeOf<typeof routeRule>;
export type HttpProxyConnectionNode = NodeOf<typeof httpProxyConnection>;
