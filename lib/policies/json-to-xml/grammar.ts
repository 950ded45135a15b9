import { element, ignored, leaf, optional } from '../../xml/grammar/element.ts';
import { boolean, text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

const options = element({
  doc: 'How the XML looks. May be empty.',
  children: {
    nullValue: optional(
      'NullValue',
      leaf(text, 'A text that gives an empty element, as null does; NULL by default.'),
    ),
    namespaceBlockName: optional(
      'NamespaceBlockName',
      leaf(text, 'Property whose members declare namespaces; #namespaces by default.'),
    ),
    defaultNamespaceNodeName: optional(
      'DefaultNamespaceNodeName',
      leaf(text, 'Name of the default namespace in that property; $default by default.'),
    ),
    namespaceSeparator: optional(
      'NamespaceSeparator',
      leaf(text, 'Stands between prefix and name; a colon by default.'),
    ),
    textNodeName: optional(
      'TextNodeName',
      leaf(text, 'Property that is the text of its element; #text by default.'),
    ),
    attributeBlockName: optional(
      'AttributeBlockName',
      leaf(text, 'Property whose members are attributes; #attrs by default.'),
    ),
    attributePrefix: optional(
      'AttributePrefix',
      leaf(text, 'Properties whose names start with it are attributes; @ by default.'),
    ),
    invalidCharsReplacement: optional(
      'InvalidCharsReplacement',
      leaf(text, 'Replaces what no XML name may hold; _ by default.'),
    ),
    objectRootElementName: optional(
      'ObjectRootElementName',
      leaf(text, 'Root of an object that does not name one; Root by default.'),
    ),
    arrayRootElementName: optional(
      'ArrayRootElementName',
      leaf(text, 'Root of an array; Array by default.'),
    ),
    arrayItemElementName: optional(
      'ArrayItemElementName',
      leaf(text, 'Items of an array that has no name; Item by default.'),
    ),
    indent: optional('Indent', leaf(boolean, 'true: the XML is indented. Default false.')),
    omitXmlDeclaration: optional(
      'OmitXmlDeclaration',
      leaf(boolean, 'true: the XML has no declaration. Default false.'),
    ),
  },
});

/** Grammar of JSONToXML ("JSONtoXML policy"). */
export const jsonToXmlGrammar = policyElement('Converts JSON into XML.', {
  source: optional(
    'Source',
    leaf(text, 'Variable to convert, a message or text; message unless given.'),
  ),
  outputVariable: optional(
    'OutputVariable',
    leaf(text, 'Variable that takes the XML; the source unless given. A text needs it.'),
  ),
  options: optional('Options', options),
  unused: ignored('Properties', 'Present in old bundles; not used.'),
});

export type JsonToXmlPolicy = PolicyNode<'JSONToXML', typeof jsonToXmlGrammar>;
