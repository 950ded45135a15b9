import { attribute, element, ignored, leaf, many, optional } from '../../xml/grammar/element.ts';
import { boolean, integer, text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

const path = element({
  doc: 'Element names from the root, parted by slashes: the elements there become an array.',
  attributes: {
    unwrap: attribute(boolean, 'true: the array takes the place of the object around it.', false),
    overrideArrayName: attribute(text, 'Another name for the property of the array.', ''),
  },
  text,
});

const options = element({
  doc: 'How the JSON looks. May be empty.',
  children: {
    recognizeBoolean: optional(
      'RecognizeBoolean',
      leaf(boolean, 'true: the texts true and false become booleans. Default false.'),
    ),
    recognizeNumber: optional(
      'RecognizeNumber',
      leaf(boolean, 'true: texts that are JSON numbers become numbers. Default false.'),
    ),
    recognizeNull: optional(
      'RecognizeNull',
      leaf(boolean, 'true: an empty element becomes null; false, the default: {}.'),
    ),
    nullValue: optional('NullValue', leaf(text, 'What recognised nulls become; null by default.')),
    namespaceBlockName: optional(
      'NamespaceBlockName',
      leaf(text, 'Property that holds the namespaces an element declares; dropped without it.'),
    ),
    defaultNamespaceNodeName: optional(
      'DefaultNamespaceNodeName',
      leaf(text, 'Name of the default namespace in that property.'),
    ),
    namespaceSeparator: optional(
      'NamespaceSeparator',
      leaf(text, 'Stands between prefix and name; without it prefixes are dropped.'),
    ),
    textAlwaysAsProperty: optional(
      'TextAlwaysAsProperty',
      leaf(boolean, 'true: every text is a property. Default false.'),
    ),
    textNodeName: optional(
      'TextNodeName',
      leaf(text, 'Property of a text beside elements or attributes; empty by default.'),
    ),
    attributeBlockName: optional(
      'AttributeBlockName',
      leaf(text, 'Property that holds the attributes of an element.'),
    ),
    attributePrefix: optional(
      'AttributePrefix',
      leaf(text, 'Stands before the name of an attribute.'),
    ),
    outputPrefix: optional('OutputPrefix', leaf(text, 'Stands before the JSON.')),
    outputSuffix: optional('OutputSuffix', leaf(text, 'Stands behind the JSON.')),
    stripLevels: optional(
      'StripLevels',
      leaf(integer, 'How many outermost objects of a single property are left out.'),
    ),
    treatAsArray: optional(
      'TreatAsArray',
      element({
        doc: 'What becomes an array even where it stands once.',
        children: { path: many('Path', path) },
      }),
    ),
  },
});

/** Grammar of XMLToJSON ("XMLtoJSON policy"). */
export const xmlToJsonGrammar = policyElement('Converts XML into JSON.', {
  source: optional(
    'Source',
    leaf(text, 'Variable to convert, a message or text; message unless given.'),
  ),
  outputVariable: optional(
    'OutputVariable',
    leaf(text, 'Variable that takes the JSON; the source unless given. A text needs it.'),
  ),
  options: optional('Options', options),
  format: optional(
    'Format',
    leaf(text, 'A set of options by its name: xml.com, yahoo, google or badgerFish.'),
  ),
  unused: ignored('Properties', 'Present in old bundles; not used.'),
});

export type XmlToJsonPolicy = PolicyNode<'XMLToJSON', typeof xmlToJsonGrammar>;
