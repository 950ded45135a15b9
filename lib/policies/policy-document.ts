import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import { readElement } from '../xml/grammar/read-element.ts';
import type { XmlElement } from '../xml/tree.ts';
import { policyTree, type HostPolicyNode } from './host-policy/policy-tree.ts';
import { knownPolicyTypes } from './known-policy-types.ts';
import { checkRequiredElements } from './parsed-only/required-elements.ts';
import { policyElement } from './policy-grammar.ts';
import { policyName } from './policy-name.ts';
import type { PolicyCore } from './policy-type.ts';
import { policyTypeNamed, supportedPolicyTypes, type Policy } from './registry.ts';

/** A policy's document: its AST, or of a type that is not run here what all policies share. */
export type PolicyDocument =
  | { readonly kind: 'supported'; readonly policy: Policy }
  | ({ readonly kind: 'unsupported' } & HostPolicyNode);

/**
 * Reads a policy from its root element and checks what needs nothing but the policy. Undefined after
 * reporting that Apigee has no such type; a type that is only not supported here is a warning.
 */
export function readPolicyDocument(
  root: XmlElement,
  file: string | undefined,
  report: Report,
): PolicyDocument | undefined {
  const type = policyTypeNamed(root.local);
  if (type === undefined) return readUnsupported(root, file, report);
  const node = readElement(root, type.grammar, report);
  const name = policyName(node.name, file, { location: root.location, type: type.type, report });
  const policy: PolicyCore = { type: type.type, ...node, name };
  type.check(policy, report);
  return { kind: 'supported', policy: policy as Policy };
}

const core = policyElement('Any policy.', {});

function readUnsupported(
  root: XmlElement,
  file: string | undefined,
  report: Report,
): PolicyDocument | undefined {
  const { local: type, location } = root;
  const supported = supportedPolicyTypes()
    .map((policyType) => policyType.type)
    .join(', ');
  if (!knownPolicyTypes.has(type)) {
    report(
      diagnosticAt(
        location,
        'error',
        'unknown-policy-type',
        `${type} is not a policy type.`,
        `The root element names the type, such as ${supported}.`,
      ),
    );
    return undefined;
  }
  report(
    diagnosticAt(
      location,
      'warning',
      'unsupported-policy',
      `The policy type ${type} is not supported yet.`,
      `Supported: ${supported}.`,
    ),
  );
  const attributes = root.attributes.filter(
    ({ local }) => core.attributes !== undefined && Object.hasOwn(core.attributes, local),
  );
  const { continueOnError, enabled, ...node } = readElement(
    { ...root, attributes, children: [] },
    core,
    report,
  );
  const name = policyName(node.name, file, { location, type, report });
  const element = policyTree(root);
  checkRequiredElements(element, name, report);
  return { kind: 'unsupported', type, name, continueOnError, enabled, element, location };
}
