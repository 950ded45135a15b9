import { astSchema } from './ast-schema.ts';
import { policyGrammars } from './policy-grammars.ts';
import { referencePage } from './reference-page.ts';
import { policyXsd } from './xsd.ts';

/** Every file that is made from the grammars: its path in the repository, and its text. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map(
    policyGrammars().flatMap((root) => [
      [`schemas/${root.name}.xsd`, policyXsd(root)] as const,
      [`schemas/${root.name}.ast.schema.json`, astSchema(root)] as const,
      [`docs/policies/${root.name}.md`, referencePage(root)] as const,
    ]),
  );
}
