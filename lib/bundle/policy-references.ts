import type { Location } from '../diagnostic/location.ts';
import { childElements, textOf, type XmlElement } from '../xml/tree.ts';

/** What a policy needs from its bundle or its environment, by name. */
export type PolicyReference =
  | { readonly kind: 'resource'; readonly url: string; readonly location: Location }
  | { readonly kind: 'shared-flow'; readonly name: string; readonly location: Location };

const resourceElements: ReadonlySet<string> = new Set(['ResourceURL', 'IncludeURL', 'OASResource']);

/**
 * The references of a policy, read from its document, so that they are known for every type of policy.
 * A reference with variables in it is none that could be followed before it runs.
 */
export function policyReferences(root: XmlElement): readonly PolicyReference[] {
  const references: PolicyReference[] = [];
  for (const child of childElements(root)) {
    const { local, location } = child;
    const text = textOf(child).trim();
    if (text === '' || text.includes('{')) continue;
    if (resourceElements.has(local)) references.push({ kind: 'resource', url: text, location });
    if (root.local === 'FlowCallout' && local === 'SharedFlowBundle') {
      references.push({ kind: 'shared-flow', name: text, location });
    }
  }
  return references;
}
