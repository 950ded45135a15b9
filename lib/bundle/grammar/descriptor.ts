import {
  attribute,
  element,
  first,
  ignored,
  leaf,
  many,
  type NodeOf,
} from '../../xml/grammar/element.ts';
import { text } from '../../xml/grammar/value.ts';

/**
 * Grammar of the file at a bundle's root, APIProxy or SharedFlowBundle. Its lists of policies, endpoints
 * and resources are for people: what is loaded is what is in the folders.
 */
export const descriptorGrammar = element({
  doc: 'What the bundle is called.',
  attributes: {
    name: attribute(text, 'Name of the proxy or shared flow; the name of the file unless given.'),
    revision: attribute(text, 'Number of the revision, given by the platform.'),
  },
  children: {
    displayName: first('DisplayName', leaf(text, 'Label for people.')),
    description: first('Description', leaf(text, 'A remark for people.')),
    basepaths: many('Basepaths', leaf(text, 'Base path, for people.')),
    configurationVersion: first(
      'ConfigurationVersion',
      element({
        doc: 'Version of the format; 4.0 is the only one.',
        attributes: {
          majorVersion: attribute(text, 'Must be 4.'),
          minorVersion: attribute(text, 'Must be 0.'),
        },
      }),
    ),
    unused: ignored(
      [
        'CreatedAt',
        'CreatedBy',
        'LastModifiedAt',
        'LastModifiedBy',
        'ManifestVersion',
        'Policies',
        'ProxyEndpoints',
        'Resources',
        'SharedFlows',
        'Spec',
        'subType',
        'TargetEndpoints',
        'TargetServers',
      ],
      'Written by the platform; not used.',
    ),
  },
});

export type DescriptorNode = NodeOf<typeof descriptorGrammar>;
