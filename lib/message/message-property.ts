import { flowValueText, type FlowValue } from './flow-value.ts';
import type { HeaderLines } from './header-lines.ts';
import type { Message, MessageKind } from './message.ts';
import type { Parameters } from './parameters.ts';

/**
 * What became of a value: `ignored` means that the name has no place for it now, such as a status
 * that is no number, or the response before there is one.
 */
export type WriteOutcome = 'written' | 'read-only' | 'ignored';

/** A part of a message under the name that flow variables give it: `header.x.2` of `request.header.x.2`. */
export interface MessageProperty {
  /** Null if the message has no such part. */
  read(message: Message): FlowValue;
  /** Null removes the part. */
  write(message: Message, value: FlowValue): WriteOutcome;
  /** Writes also what policies may only read. */
  seed(message: Message, value: FlowValue): WriteOutcome;
}

/**
 * Understands a variable's name after the message's own, once; undefined if messages have no such
 * part ("Flow variables reference"). A trailing `.N` is always an index, counted from 1.
 */
export function messageProperty(rest: string): MessageProperty | undefined {
  const fixed = fixedProperties.get(rest);
  if (fixed !== undefined) return fixed;
  for (const [prefix, collection] of collections) {
    if (rest.length > prefix.length && rest.startsWith(prefix)) {
      const property = valueProperty(collection, rest.slice(prefix.length));
      return collection === query ? only('request', property) : property;
    }
  }
  return undefined;
}

function readOnly(read: (message: Message) => FlowValue): MessageProperty {
  return { read, write: () => 'read-only', seed: () => 'read-only' };
}

type Assign = (message: Message, value: FlowValue) => void;

function writable(read: (message: Message) => FlowValue, assign: Assign): MessageProperty {
  const write = written(assign);
  return { read, write, seed: write };
}

function seedable(read: (message: Message) => FlowValue, assign: Assign): MessageProperty {
  return { read, write: () => 'read-only', seed: written(assign) };
}

function written(assign: Assign): MessageProperty['write'] {
  return (message, value) => {
    assign(message, value);
    return 'written';
  };
}

/** A part that only one kind of message has: null and read-only on the other. */
function only(kind: MessageKind, property: MessageProperty): MessageProperty {
  return {
    read: (message) => (message.kind === kind ? property.read(message) : null),
    write: (message, value) =>
      message.kind === kind ? property.write(message, value) : 'read-only',
    seed: (message, value) => (message.kind === kind ? property.seed(message, value) : 'read-only'),
  };
}

/** Headers, query parameters and form parameters are read and written alike. */
type Collection = (message: Message) => HeaderLines | Parameters;

const headers: Collection = (message) => message.headers;
const query: Collection = (message) => message.query;
const form: Collection = (message) => message.form;

const collections: readonly (readonly [prefix: string, Collection])[] = [
  ['header.', headers],
  ['queryparam.', query],
  ['formparam.', form],
];

const content = writable(
  (message) => message.content,
  (message, value) => {
    message.content = flowValueText(value);
  },
);

const fixedProperties: ReadonlyMap<string, MessageProperty> = new Map([
  ['content', content],
  ['content.as.base64', readOnly((message) => base64(message, 'base64'))],
  ['content.as.url.safe.base64', readOnly((message) => base64(message, 'base64url'))],
  ...namesOf('headers', headers),
  ...namesOf('queryparams', query),
  ...namesOf('formparams', form),
  [
    'querystring',
    only(
      'request',
      seedable(
        (message) => message.query.text(),
        (message, value) => {
          message.query.replaceText(flowValueText(value));
        },
      ),
    ),
  ],
  [
    'formstring',
    seedable(
      (message) => message.form.text(),
      (message, value) => {
        message.form.replaceText(flowValueText(value));
      },
    ),
  ],
  [
    'path',
    only(
      'request',
      writable(
        (message) => message.path,
        (message, value) => {
          message.path = flowValueText(value);
        },
      ),
    ),
  ],
  [
    'uri',
    only(
      'request',
      seedable(
        (message) => message.uri,
        (message, value) => {
          message.uri = flowValueText(value);
        },
      ),
    ),
  ],
  [
    'url',
    only(
      'request',
      seedable(
        (message) => message.url,
        (message, value) => {
          message.url = textOrNull(value);
        },
      ),
    ),
  ],
  [
    'verb',
    only(
      'request',
      writable(
        (message) => message.verb,
        (message, value) => {
          message.verb = textOrNull(value);
        },
      ),
    ),
  ],
  [
    'version',
    writable(
      (message) => message.version,
      (message, value) => {
        message.version = textOrNull(value) ?? message.defaultVersion;
      },
    ),
  ],
  [
    'status.code',
    only('response', {
      read: (message) => message.statusCode,
      write: writeStatus,
      seed: writeStatus,
    }),
  ],
  [
    'reason.phrase',
    only(
      'response',
      writable(
        (message) => message.reasonPhrase,
        (message, value) => {
          message.reasonPhrase = textOrNull(value);
        },
      ),
    ),
  ],
  // Opaque to flows: something that is there, and shows as the content.
  ['transport.message', readOnly((message) => message)],
]);

function namesOf(plural: string, of: Collection): readonly (readonly [string, MessageProperty])[] {
  return [
    [`${plural}.count`, readOnly((message) => of(message).names().length)],
    [`${plural}.names`, readOnly((message) => of(message).names())],
    [`${plural}.names.string`, readOnly((message) => of(message).names().join(','))],
  ];
}

function valueProperty(of: Collection, name: string): MessageProperty {
  for (const [suffix, property] of valueSuffixes) {
    if (name.length > suffix.length && name.endsWith(suffix)) {
      return property(of, name.slice(0, -suffix.length));
    }
  }
  const dot = name.lastIndexOf('.');
  const index = dot > 0 ? indexIn(name.slice(dot + 1)) : undefined;
  return index === undefined ? firstValue(of, name) : nthValue(of, name.slice(0, dot), index);
}

const valueSuffixes: readonly (readonly [
  string,
  (of: Collection, name: string) => MessageProperty,
])[] = [
  ['.values.count', (of, name) => readOnly((message) => of(message).values(name).length)],
  ['.values.string', (of, name) => readOnly((message) => of(message).text(name) ?? null)],
  [
    '.values',
    (of, name) => readOnly((message) => (of(message).has(name) ? of(message).values(name) : null)),
  ],
];

function firstValue(of: Collection, name: string): MessageProperty {
  const key = of === headers ? name.toLowerCase() : name;
  return writable(
    (message) => of(message).first(key) ?? null,
    (message, value) => {
      if (isAbsent(value)) of(message).remove(name);
      else of(message).set(name, flowValueText(value));
    },
  );
}

function nthValue(of: Collection, name: string, index: number): MessageProperty {
  if (index === 0) return readOnly(() => null);
  return writable(
    (message) => of(message).value(name, index) ?? null,
    (message, value) => {
      if (isAbsent(value)) of(message).removeValue(name, index);
      else of(message).setValue(name, index, flowValueText(value));
    },
  );
}

function indexIn(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function textOrNull(value: FlowValue): string | null {
  return isAbsent(value) ? null : flowValueText(value);
}

function writeStatus(message: Message, value: FlowValue): WriteOutcome {
  const status = isAbsent(value) ? null : statusCodeIn(flowValueText(value));
  if (status === undefined) return 'ignored';
  message.statusCode = status;
  return 'written';
}

function isAbsent(value: FlowValue): value is null | undefined {
  return value === null || value === undefined;
}

/** Three digits, the only form that HTTP can send. */
export function statusCodeIn(text: string): number | undefined {
  return /^\s*[1-9]\d\d\s*$/.test(text) ? Number(text) : undefined;
}

function base64(message: Message, encoding: 'base64' | 'base64url'): string {
  const { buffer, byteOffset, byteLength } = message.bytes;
  return Buffer.from(buffer, byteOffset, byteLength).toString(encoding);
}
