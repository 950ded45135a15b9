import type { XmlToJsonPolicy } from './grammar.ts';

/** A place of TreatAsArray. */
export interface ArrayPath {
  /** Names of elements, from the root. */
  readonly names: readonly string[];
  readonly unwrap: boolean;
  /** Empty: the name stays. */
  readonly overrideArrayName: string;
}

/** What the conversion is told. A name or prefix that is undefined is not used. */
export interface JsonOptions {
  readonly recognizeBoolean: boolean;
  readonly recognizeNumber: boolean;
  readonly recognizeNull: boolean;
  readonly nullValue: string;
  readonly namespaceBlockName: string | undefined;
  readonly defaultNamespaceNodeName: string;
  readonly namespaceSeparator: string | undefined;
  readonly textAlwaysAsProperty: boolean;
  readonly textNodeName: string;
  readonly attributeBlockName: string | undefined;
  readonly attributePrefix: string;
  readonly outputPrefix: string;
  readonly outputSuffix: string;
  readonly stripLevels: number;
  readonly arrays: readonly ArrayPath[];
}

const plain: JsonOptions = {
  recognizeBoolean: false,
  recognizeNumber: false,
  recognizeNull: false,
  nullValue: 'null',
  namespaceBlockName: undefined,
  defaultNamespaceNodeName: '$default',
  namespaceSeparator: undefined,
  textAlwaysAsProperty: false,
  textNodeName: '',
  attributeBlockName: undefined,
  attributePrefix: '',
  outputPrefix: '',
  outputSuffix: '',
  stripLevels: 0,
  arrays: [],
};

/** The formats by name ("XMLtoJSON policy", Format). */
const formats: ReadonlyMap<string, JsonOptions> = new Map([
  ['xml.com', { ...plain, recognizeNull: true, textNodeName: '#text', attributePrefix: '@' }],
  ['yahoo', { ...plain, recognizeNumber: true, textNodeName: 'content' }],
  ['google', { ...plain, textNodeName: '$t', namespaceSeparator: '$', textAlwaysAsProperty: true }],
  [
    'badgerFish',
    {
      ...plain,
      textNodeName: '$',
      textAlwaysAsProperty: true,
      attributePrefix: '@',
      namespaceSeparator: ':',
      namespaceBlockName: '@xmlns',
      defaultNamespaceNodeName: '$',
    },
  ],
]);

export function isFormat(name: string): boolean {
  return formats.has(name);
}

export const formatNames: readonly string[] = [...formats.keys()];

/** The options of a policy: those it lists, else those of its format. */
export function optionsOf({ options, format }: XmlToJsonPolicy): JsonOptions {
  if (options === undefined) return formats.get(format?.value ?? '') ?? plain;
  const given = (name: { readonly value: string | undefined } | undefined): string | undefined =>
    name?.value === '' ? undefined : name?.value;
  return {
    recognizeBoolean: options.recognizeBoolean?.value ?? false,
    recognizeNumber: options.recognizeNumber?.value ?? false,
    recognizeNull: options.recognizeNull?.value ?? false,
    nullValue: given(options.nullValue) ?? plain.nullValue,
    namespaceBlockName: given(options.namespaceBlockName),
    defaultNamespaceNodeName:
      given(options.defaultNamespaceNodeName) ?? plain.defaultNamespaceNodeName,
    namespaceSeparator: given(options.namespaceSeparator),
    textAlwaysAsProperty: options.textAlwaysAsProperty?.value ?? false,
    textNodeName: options.textNodeName?.value ?? '',
    attributeBlockName: given(options.attributeBlockName),
    attributePrefix: options.attributePrefix?.value ?? '',
    outputPrefix: options.outputPrefix?.value ?? '',
    outputSuffix: options.outputSuffix?.value ?? '',
    stripLevels: options.stripLevels?.value ?? 0,
    arrays: (options.treatAsArray?.path ?? []).flatMap(
      ({ value = '', unwrap, overrideArrayName }) => {
        const names = value.split('/').filter((name) => name !== '');
        return names.length === 0 ? [] : [{ names, unwrap, overrideArrayName }];
      },
    ),
  };
}
