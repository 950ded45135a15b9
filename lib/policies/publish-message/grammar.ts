import { attribute, element, ignored, leaf, many, optional } from '../../xml/grammar/element.ts';
import { boolean, template, text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

/** Grammar of PublishMessage ("PublishMessage policy"). */
export const publishMessageGrammar = policyElement('Publishes a message to a topic of Pub/Sub.', {
  cloudPubSub: optional(
    'CloudPubSub',
    element({
      doc: 'Where to.',
      children: {
        topic: optional(
          'Topic',
          leaf(template, 'projects/PROJECT/topics/TOPIC; a message template.'),
        ),
      },
    }),
  ),
  source: optional('Source', leaf(template, 'What is published; a message template.')),
  useMessageAsSource: optional(
    'UseMessageAsSource',
    leaf(boolean, "true: the body of the flow's message is published."),
  ),
  attributes: optional(
    'Attributes',
    element({
      doc: 'Attributes of the published message.',
      children: {
        attribute: many(
          'Attribute',
          element({
            doc: 'One attribute; its text is a message template.',
            attributes: { name: attribute(text, 'Its name.', '') },
            text: template,
          }),
        ),
      },
    }),
  ),
  ignoreUnresolvedVariables: optional(
    'IgnoreUnresolvedVariables',
    leaf(boolean, 'true: an unresolved variable is empty text; false, the default: it is a fault.'),
  ),
  unused: ignored('Properties', 'Present in old bundles; not used.'),
});

export type PublishMessagePolicy = PolicyNode<'PublishMessage', typeof publishMessageGrammar>;
