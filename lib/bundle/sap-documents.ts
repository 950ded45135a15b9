import { childElements, textOf, type XmlElement, type XmlNode } from '../xml/tree.ts';

/**
 * SAP API Management runs Apigee's policies but writes endpoints and descriptors in words of its own.
 * These functions put such a document into Apigee's words; every element keeps its place. What has no
 * counterpart is left out. A document in Apigee's words comes back as it is.
 */
export function sapDescriptor(root: XmlElement): XmlElement {
  const name = childOf(root, 'name');
  if (root.local !== 'APIProxy' || name === undefined) return root;
  return renamed(root, 'APIProxy', [
    ...moved(root, 'title', 'DisplayName'),
    ...moved(root, 'description', 'Description'),
  ]);
}

export function sapProxyEndpoint(root: XmlElement): XmlElement {
  if (root.local !== 'ProxyEndPoint') return root;
  const connection = renamed(
    root,
    'HTTPProxyConnection',
    [...moved(root, 'base_path', 'BasePath'), ...properties(root)],
    [],
  );
  return renamed(root, 'ProxyEndpoint', [...flows(root), connection, ...routeRules(root)]);
}

export function sapTargetEndpoint(root: XmlElement): XmlElement {
  if (root.local !== 'TargetEndPoint') return root;
  const provider = childOf(root, 'provider_id');
  const address =
    provider === undefined || /^(|none)$/i.test(textOf(provider).trim())
      ? moved(root, 'url', 'URL')
      : [apiProvider(provider), ...moved(root, 'relativePath', 'Path')];
  const connection = renamed(root, 'HTTPTargetConnection', [...address, ...properties(root)], []);
  return renamed(root, 'TargetEndpoint', [...flows(root), connection]);
}

/** SAP's API provider is a server of the environment, as Apigee's target server is. */
function apiProvider(provider: XmlElement): XmlElement {
  const server = renamed(provider, 'Server', [], [nameFrom(provider)]);
  return renamed(provider, 'LoadBalancer', [server], []);
}

function flows(endpoint: XmlElement): readonly XmlElement[] {
  return [
    ...flow(endpoint, 'preFlow', 'PreFlow'),
    ...flow(endpoint, 'postFlow', 'PostFlow'),
    ...flow(endpoint, 'postClientFlow', 'PostClientFlow'),
    ...listed(endpoint, 'conditionalFlows', 'conditionalFlow', 'Flows', (item) =>
      renamed(item, 'Flow', [...condition(item), ...directions(item)]),
    ),
    ...listed(endpoint, 'faultRules', 'faultRule', 'FaultRules', (item) =>
      renamed(item, 'FaultRule', [...condition(item), ...steps(item)]),
    ),
  ];
}

function flow(endpoint: XmlElement, from: string, to: string): readonly XmlElement[] {
  const found = childOf(endpoint, from);
  return found === undefined ? [] : [renamed(found, to, directions(found))];
}

function directions(parent: XmlElement): readonly XmlElement[] {
  return [['request', 'Request'] as const, ['response', 'Response'] as const].flatMap(
    ([from, to]) => {
      const found = childOf(parent, from);
      return found === undefined ? [] : [renamed(found, to, steps(found))];
    },
  );
}

function steps(parent: XmlElement): readonly XmlElement[] {
  const list = childOf(parent, 'steps');
  return (list === undefined ? [] : inSequence(list, 'step')).map((step) =>
    renamed(step, 'Step', [...moved(step, 'policy_name', 'Name'), ...condition(step)]),
  );
}

function routeRules(endpoint: XmlElement): readonly XmlElement[] {
  const list = childOf(endpoint, 'routeRules');
  return (list === undefined ? [] : inSequence(list, 'routeRule')).map((rule) =>
    renamed(rule, 'RouteRule', [
      ...condition(rule),
      ...moved(rule, 'targetEndPointName', 'TargetEndpoint'),
      ...moved(rule, 'url', 'URL'),
    ]),
  );
}

function properties(parent: XmlElement): readonly XmlElement[] {
  return listed(parent, 'properties', 'property', 'Properties', (item) => ({
    ...renamed(item, 'Property', []),
    children: childOf(item, 'value')?.children ?? [],
  }));
}

function listed(
  parent: XmlElement,
  from: string,
  itemFrom: string,
  to: string,
  convert: (item: XmlElement) => XmlElement,
): readonly XmlElement[] {
  const list = childOf(parent, from);
  return list === undefined ? [] : [renamed(list, to, inSequence(list, itemFrom).map(convert))];
}

/** SAP numbers what has an order, and does not rely on the order in the file. */
function inSequence(list: XmlElement, name: string): readonly XmlElement[] {
  const number = (item: XmlElement): number => {
    const sequence = childOf(item, 'sequence');
    const value = sequence === undefined ? Number.NaN : Number(textOf(sequence));
    return Number.isFinite(value) ? value : 0;
  };
  return childElements(list)
    .filter(({ local }) => local === name)
    .sort((one, other) => number(one) - number(other));
}

function condition(parent: XmlElement): readonly XmlElement[] {
  return [
    ...moved(parent, 'condition', 'Condition'),
    ...moved(parent, 'conditions', 'Condition'),
  ].slice(0, 1);
}

function moved(parent: XmlElement, from: string, to: string): readonly XmlElement[] {
  const found = childOf(parent, from);
  return found === undefined ? [] : [{ ...found, local: to, prefix: '' }];
}

/** The element under another name; its child `name` becomes the attribute that Apigee has. */
function renamed(
  element: XmlElement,
  local: string,
  children: readonly XmlNode[],
  attributes: XmlElement['attributes'] = nameAttribute(element),
): XmlElement {
  return { ...element, prefix: '', local, attributes, children };
}

function nameAttribute(element: XmlElement): XmlElement['attributes'] {
  const name = childOf(element, 'name');
  if (name === undefined) return [];
  return [nameFrom(name)];
}

function nameFrom(element: XmlElement): XmlElement['attributes'][number] {
  const location = element.children[0]?.location ?? element.location;
  const value = textOf(element).trim();
  return { kind: 'attribute', prefix: '', local: 'name', namespace: '', value, location };
}

function childOf(parent: XmlElement, name: string): XmlElement | undefined {
  return childElements(parent).find(({ local }) => local === name);
}
