import { attribute, element, many } from '../../xml/grammar/element.ts';
import { text } from '../../xml/grammar/value.ts';

export const properties = element({
  doc: 'Settings of the connection ("Endpoint properties reference"). Literals only.',
  children: {
    property: many(
      'Property',
      element({
        doc: 'One setting; names that are not known have no effect.',
        attributes: { name: attribute(text, 'Name of the setting.', '') },
        text,
      }),
    ),
  },
});
