import type { ElementSyntax } from '../../lib/xml/grammar/element.ts';
import { supportedPolicyTypes } from '../../lib/policies/registry.ts';

/** A document's root element and its grammar. */
export interface RootGrammar {
  readonly name: string;
  readonly grammar: ElementSyntax;
}

/** The grammars that schemas and reference pages are made from. */
export function policyGrammars(): readonly RootGrammar[] {
  return supportedPolicyTypes().map(({ type, grammar }) => ({ name: type, grammar }));
}
