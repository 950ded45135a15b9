import { childElements, textOf, type XmlElement } from '../../../xml/tree.ts';
import { sessionLimits } from './limits.ts';
import type { RawPoint } from './raw-point.ts';
import type {
  NamedText,
  RecordedAccess,
  RecordedMessage,
  RecordedTransaction,
} from './recorded-transaction.ts';

export interface RawTransaction {
  readonly id: string;
  readonly extent: RecordedTransaction['extent'];
  readonly points: readonly RawPoint[];
}

/** A `<Message>` of a session of Apigee Edge. */
export function transactionFromXml(message: XmlElement): RawTransaction {
  const data = child(message, 'Data');
  return {
    id: childText(message, 'DebugId') ?? '',
    extent: data !== undefined && childText(data, 'Completed') === 'false' ? 'cut off' : 'whole',
    points: data === undefined ? [] : childrenNamed(data, 'Point').map(pointOf),
  };
}

function pointOf(point: XmlElement): RawPoint {
  const info = child(point, 'DebugInfo');
  const properties = info === undefined ? undefined : child(info, 'Properties');
  return {
    id: attribute(point, 'id') ?? '',
    timestamp: (info === undefined ? undefined : childText(info, 'Timestamp')) ?? '',
    properties: properties === undefined ? [] : namedTexts(properties, 'Property'),
    message: messageOf(point),
    accesses: childrenNamed(point, 'VariableAccess').flatMap((list) =>
      childElements(list).flatMap(accessOf),
    ),
  };
}

const messageKinds = {
  RequestMessage: 'request',
  ResponseMessage: 'response',
  ErrorMessage: 'error',
} as const;

function messageOf(point: XmlElement): RecordedMessage | undefined {
  for (const [name, kind] of Object.entries(messageKinds)) {
    const message = child(point, name);
    if (message === undefined) continue;
    const headers = child(message, 'Headers');
    const content = childText(message, 'Content');
    return {
      kind,
      verb: childText(message, 'Verb'),
      uri: childText(message, 'URI'),
      status: childText(message, 'StatusCode'),
      reason: childText(message, 'ReasonPhrase'),
      headers:
        headers === undefined ? [] : namedTexts(headers, 'Header').slice(0, sessionLimits.headers),
      body: content === undefined ? undefined : { text: content, form: 'text', extent: 'whole' },
    };
  }
  return undefined;
}

function accessOf(element: XmlElement): readonly RecordedAccess[] {
  const name = attribute(element, 'name') ?? '';
  const value = attribute(element, 'value');
  switch (element.local) {
    case 'Get':
      return [{ kind: 'get', name, value }];
    case 'Set':
      return [
        {
          kind: 'set',
          name,
          value: value ?? '',
          succeeded: attribute(element, 'success') !== 'false',
        },
      ];
    case 'Remove':
      return [{ kind: 'remove', name }];
    default:
      return [];
  }
}

function namedTexts(parent: XmlElement, name: string): readonly NamedText[] {
  return childrenNamed(parent, name).map((one) => [attribute(one, 'name') ?? '', textOf(one)]);
}

function childrenNamed(parent: XmlElement, name: string): readonly XmlElement[] {
  return childElements(parent).filter(({ local }) => local === name);
}

function child(parent: XmlElement, name: string): XmlElement | undefined {
  return childElements(parent).find(({ local }) => local === name);
}

function childText(parent: XmlElement, name: string): string | undefined {
  const found = child(parent, name);
  return found === undefined ? undefined : textOf(found);
}

function attribute(element: XmlElement, name: string): string | undefined {
  return element.attributes.find(({ local, prefix }) => prefix === '' && local === name)?.value;
}
