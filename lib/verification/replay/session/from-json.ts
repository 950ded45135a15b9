import type { RawTransaction } from './from-xml.ts';
import { sessionLimits } from './limits.ts';
import type { RawPoint } from './raw-point.ts';
import type {
  NamedText,
  RecordedAccess,
  RecordedBody,
  RecordedMessage,
} from './recorded-transaction.ts';

type Fields = Readonly<Record<string, unknown>>;

/** An element of `Messages`; undefined for what has no points. */
export function transactionFromJson(value: unknown): RawTransaction | undefined {
  if (!isFields(value) || !Array.isArray(value['point'])) return undefined;
  return {
    id: textOf(value['DebugId']) ?? '',
    extent: textOf(value['completed']) === 'false' ? 'cut off' : 'whole',
    points: fieldsIn(value['point']).map(pointOf),
  };
}

function pointOf(point: Fields): RawPoint {
  const results = fieldsIn(point['results']);
  const named = (kind: string): Fields | undefined =>
    results.find(({ ActionResult }) => ActionResult === kind);
  const info = named('DebugInfo') ?? {};
  const properties = isFields(info['properties']) ? info['properties']['property'] : undefined;
  return {
    id: textOf(point['id']) ?? '',
    timestamp: textOf(info['timestamp']) ?? '',
    properties: namedTexts(properties),
    message: messageOf(named),
    accesses: results
      .filter(({ ActionResult }) => ActionResult === 'VariableAccess')
      .flatMap(({ accessList }) => fieldsIn(accessList).flatMap(accessOf)),
  };
}

const messageKinds = {
  RequestMessage: 'request',
  ResponseMessage: 'response',
  ErrorMessage: 'error',
} as const;

function messageOf(named: (kind: string) => Fields | undefined): RecordedMessage | undefined {
  for (const [name, kind] of Object.entries(messageKinds)) {
    const message = named(name);
    if (message === undefined) continue;
    return {
      kind,
      verb: filled(message['verb']),
      uri: filled(message['uRI'] ?? message['uri']),
      status: filled(message['statusCode']),
      reason: textOf(message['reasonPhrase']),
      headers: namedTexts(message['headers']).slice(0, sessionLimits.headers),
      body: bodyOf(message),
    };
  }
  return undefined;
}

function bodyOf({ content, contentEncoding, contentTruncated }: Fields): RecordedBody | undefined {
  const text = textOf(content);
  if (text === undefined) return undefined;
  return {
    text,
    form: contentEncoding === 'iso-8859-1' ? 'bytes' : 'text',
    extent: contentTruncated === true ? 'cut' : 'whole',
  };
}

function accessOf(access: Fields): readonly RecordedAccess[] {
  const { Get: get, Set: set, Remove: remove } = access;
  if (isFields(get)) return [{ kind: 'get', name: nameOf(get), value: textOf(get['value']) }];
  if (isFields(set)) {
    const succeeded = set['success'] !== false && set['success'] !== 'false';
    return [{ kind: 'set', name: nameOf(set), value: textOf(set['value']) ?? '', succeeded }];
  }
  return isFields(remove) ? [{ kind: 'remove', name: nameOf(remove) }] : [];
}

function nameOf({ name }: Fields): string {
  return textOf(name) ?? '';
}

function namedTexts(values: unknown): readonly NamedText[] {
  return fieldsIn(values).map((one) => [nameOf(one), textOf(one['value']) ?? '']);
}

function fieldsIn(values: unknown): readonly Fields[] {
  return Array.isArray(values) ? values.filter(isFields) : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function filled(value: unknown): string | undefined {
  const text = textOf(value);
  return text === '' ? undefined : text;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
