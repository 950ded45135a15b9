import type { MessageValidationPolicy } from './grammar.ts';
import type { Choose, ElementNode, Finding } from './schema-validator.ts';

const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const soap12 = 'http://www.w3.org/2003/05/soap-envelope';

/** Chooses what of a document is validated: the root, or of SOAP what the body holds. */
export function compileChoice(policy: MessageValidationPolicy): Choose {
  const { soapMessage, resourceUrl, element: elements } = policy;
  const isSoap = soapMessage !== undefined || resourceUrl?.value?.startsWith('wsdl:') === true;
  const version = soapMessage?.version ?? '1.1/1.2';
  const namespaces = [
    ...(version.includes('1.1') ? [soap11] : []),
    ...(version.includes('1.2') ? [soap12] : []),
  ];
  return (root) => {
    const content = isSoap ? bodyContent(root, namespaces) : root;
    if ('kind' in content || elements.length === 0) return content;
    const isListed = elements.some(
      ({ value, namespace }) => value === content.local && namespace === content.namespace,
    );
    return isListed ? content : unknownRoot(`Element '${content.local}' is not permitted`, content);
  };
}

function bodyContent(envelope: ElementNode, namespaces: readonly string[]): ElementNode | Finding {
  if (envelope.local !== 'Envelope' || !namespaces.includes(envelope.namespace)) {
    return unknownRoot('The message is no envelope of SOAP in a version that is allowed', envelope);
  }
  const body = envelope.children.find(
    ({ local, namespace }) => local === 'Body' && namespace === envelope.namespace,
  );
  const [content] = body?.children ?? [];
  return content ?? { kind: 'invalid', message: 'The SOAP body is empty', line: envelope.line };
}

function unknownRoot(message: string, { line }: ElementNode): Finding {
  return { kind: 'unknown-root', message, line };
}
