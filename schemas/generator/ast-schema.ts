import type { Attribute, ElementSyntax, Field } from '../../lib/xml/grammar/element.ts';
import type { RootGrammar } from './policy-grammars.ts';

type Schema = Readonly<Record<string, unknown>>;

/** JSON Schema (2020-12) of a policy's AST, as `JSON.stringify(parsePolicy(xml))` writes it. */
export function astSchema({ name, grammar }: RootGrammar): string {
  const root = nodeSchema(grammar, name);
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `https://apigee-interpreter.dev/schemas/${name}.ast.schema.json`,
    title: `AST of ${name}`,
    ...root,
    required: ['type', 'name', ...requiredOf(grammar)].filter(
      (key, at, keys) => keys.indexOf(key) === at,
    ),
    $defs: { location },
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

const location = {
  description: 'A place in the source. Lines and columns start at 1.',
  type: 'object',
  properties: {
    file: { type: 'string' },
    line: { type: 'integer', minimum: 1 },
    column: { type: 'integer', minimum: 1 },
  },
  required: ['file', 'line', 'column'],
  additionalProperties: false,
} as const;

const locationRef = { $ref: '#/$defs/location' } as const;

function nodeSchema({ doc, attributes, text, children }: ElementSyntax, type?: string): Schema {
  return {
    description: doc,
    type: 'object',
    properties: {
      ...(type === undefined ? {} : { type: { const: type } }),
      location: locationRef,
      ...mapValues(attributes ?? {}, attributeSchema),
      ...(text === undefined ? {} : { value: text.json, textLocation: locationRef }),
      ...mapValues(withoutIgnored(children ?? {}), fieldSchema),
    },
    required: requiredOf({ doc, attributes, text, children }),
    additionalProperties: false,
  };
}

/** Values that are always there: places, lists, and attributes with a default. */
function requiredOf({ attributes, text, children }: ElementSyntax): readonly string[] {
  const lists = Object.entries(children ?? {}).filter(
    ([, { kind }]) => kind === 'many' || kind === 'ordered',
  );
  const defaulted = Object.entries(attributes ?? {}).filter(
    ([, { fallback }]) => fallback !== undefined,
  );
  return [
    'location',
    ...defaulted.map(([key]) => key),
    ...(text === undefined ? [] : ['textLocation']),
    ...lists.map(([key]) => key),
  ];
}

function attributeSchema({ syntax, doc, fallback }: Attribute<unknown, unknown>): Schema {
  return {
    description: doc,
    ...syntax.json,
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}

function fieldSchema(field: Field): Schema {
  switch (field.kind) {
    case 'optional':
      return nodeSchema(field.element);
    case 'many':
      return { type: 'array', items: nodeSchema(field.element) };
    case 'ordered':
      return {
        type: 'array',
        items: {
          oneOf: Object.entries(field.elements).map(([name, syntax]) =>
            typed(nodeSchema(syntax, name)),
          ),
        },
      };
    case 'ignored':
      return {};
  }
}

function typed(schema: Schema): Schema {
  const required = Array.isArray(schema['required'])
    ? (schema['required'] as readonly string[])
    : [];
  return { ...schema, required: ['type', ...required] };
}

function withoutIgnored(fields: Readonly<Record<string, Field>>): Readonly<Record<string, Field>> {
  return Object.fromEntries(Object.entries(fields).filter(([, { kind }]) => kind !== 'ignored'));
}

function mapValues<T>(
  record: Readonly<Record<string, T>>,
  map: (value: T) => Schema,
): Record<string, Schema> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
