import type { Finding } from './engine/protocol.ts';
import type { MessageValidationPolicy } from './grammar.ts';

const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const soap12 = 'http://www.w3.org/2003/05/soap-envelope';

/** An element by its name. */
export interface ElementName {
  readonly namespace: string;
  readonly local: string;
}

/** An element of a parsed document, as far as a rule needs it. */
export interface ElementNode<Child> extends ElementName {
  readonly line: number;
  readonly children: readonly Child[];
}

/** What of a document is validated: the root, or of SOAP what the body holds. Plain data. */
export interface RootRule {
  /** Namespaces that an envelope may have; none where the document is no SOAP. */
  readonly envelopes: readonly string[];
  /** Elements that may be validated; any if there are none. */
  readonly elements: readonly ElementName[];
}

export function rootRuleOf(policy: MessageValidationPolicy): RootRule {
  const { soapMessage, resourceUrl, element: elements } = policy;
  const isSoap = soapMessage !== undefined || resourceUrl?.value?.startsWith('wsdl:') === true;
  const version = isSoap ? (soapMessage?.version ?? '1.1/1.2') : '';
  return {
    envelopes: [
      ...(version.includes('1.1') ? [soap11] : []),
      ...(version.includes('1.2') ? [soap12] : []),
    ],
    elements: elements.map(({ value = '', namespace }) => ({ local: value, namespace })),
  };
}

/** The element to validate, or what is wrong before that. */
export function chooseRoot<Node extends ElementNode<Node>>(
  { envelopes, elements }: RootRule,
  root: Node,
): Node | Finding {
  const content = envelopes.length > 0 ? bodyContent(root, envelopes) : root;
  if ('kind' in content || elements.length === 0) return content;
  const isListed = elements.some(
    ({ local, namespace }) => local === content.local && namespace === content.namespace,
  );
  return isListed ? content : unknownRoot(`Element '${content.local}' is not permitted`, content);
}

function bodyContent<Node extends ElementNode<Node>>(
  envelope: Node,
  namespaces: readonly string[],
): Node | Finding {
  if (envelope.local !== 'Envelope' || !namespaces.includes(envelope.namespace)) {
    return unknownRoot('The message is no envelope of SOAP in a version that is allowed', envelope);
  }
  const body = envelope.children.find(
    ({ local, namespace }) => local === 'Body' && namespace === envelope.namespace,
  );
  const [content] = body?.children ?? [];
  return content ?? { kind: 'invalid', message: 'The SOAP body is empty', line: envelope.line };
}

function unknownRoot(message: string, { line }: { readonly line: number }): Finding {
  return { kind: 'unknown-root', message, line };
}
