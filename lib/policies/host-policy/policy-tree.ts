import type { Location } from '../../diagnostic/location.ts';
import { childElements, textOf, type XmlElement } from '../../xml/tree.ts';
import type { PolicyCore } from '../policy-type.ts';

/** An element of a policy whose grammar is not known here, as it is written. Plain data. */
export interface PolicyTree {
  /** Without a namespace prefix. */
  readonly name: string;
  /** By name without a prefix; namespace declarations are left out. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly PolicyTree[];
  /** The text of the element itself, without the white space around it. */
  readonly text: string;
  readonly location: Location;
}

/** A policy of a type that Apigee has and this runtime has not: what all policies share, and its elements. */
export interface HostPolicyNode extends PolicyCore {
  /** The root element. */
  readonly element: PolicyTree;
  readonly location: Location;
}

/** Whether a policy is one that only a host can run; such a one has its element as a single tree. */
export function isHostPolicy<Other extends PolicyCore>(
  policy: Other | HostPolicyNode,
): policy is HostPolicyNode {
  return 'element' in policy && !Array.isArray(policy.element);
}

export function policyTree(xml: XmlElement): PolicyTree {
  const attributes = xml.attributes.filter(
    ({ prefix, local }) => prefix !== 'xmlns' && !(prefix === '' && local === 'xmlns'),
  );
  return {
    name: xml.local,
    attributes: new Map(attributes.map(({ local, value }) => [local, value])),
    children: childElements(xml).map(policyTree),
    text: textOf(xml).trim(),
    location: xml.location,
  };
}

/** The child of that name; of several the last counts, as everywhere in policies. */
export function childNamed(tree: PolicyTree, name: string): PolicyTree | undefined {
  return tree.children.findLast((child) => child.name === name);
}
