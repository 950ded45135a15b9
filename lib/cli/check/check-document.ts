import type { FileRole } from '../../bundle/layout.ts';
import { aboutFile } from '../../bundle/source.ts';
import { diagnosticAt, type Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { Environment } from '../../host/environment.ts';
import { knownPolicyTypes } from '../../policies/known-policy-types.ts';
import { checkPolicy } from '../../policies/read-policy.ts';
import { readXml } from '../../xml/read.ts';
import type { XmlElement } from '../../xml/tree.ts';

/** A document as far as the check needs it. */
export interface Document {
  /** What diagnostics call it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly role: Extract<FileRole, 'loose' | 'stray'>;
}

export interface DocumentFindings {
  readonly checkedAs: 'policy' | 'configuration' | 'nothing';
  readonly diagnostics: readonly Diagnostic[];
}

/** Root elements of a bundle's files other than policies; SAP writes some in its own way. */
const configurationRoots: ReadonlySet<string> = new Set([
  'APIProxy',
  'Manifest',
  'ProxyEndpoint',
  'ProxyEndPoint',
  'SharedFlow',
  'SharedFlowBundle',
  'TargetEndpoint',
  'TargetEndPoint',
]);

/** Every finding about one document outside a bundle. With an environment, what a policy wants of it is checked too. */
export function checkDocument(
  document: Document,
  environment: Environment | undefined,
): DocumentFindings {
  switch (document.role) {
    case 'loose':
      return checkLoose(document, environment);
    case 'stray':
      return checkStray(document, environment);
  }
}

function checkAsPolicy(
  { bytes, name }: Document,
  environment: Environment | undefined,
): DocumentFindings {
  const options = { file: name, ...(environment === undefined ? {} : { environment }) };
  return { checkedAs: 'policy', diagnostics: checkPolicy(bytes, options) };
}

function checkLoose(document: Document, environment: Environment | undefined): DocumentFindings {
  const { root, diagnostics } = readDocument(document);
  if (root === undefined || !configurationRoots.has(root.local)) {
    return checkAsPolicy(document, environment);
  }
  const unchecked = diagnosticAt(
    root.location,
    'info',
    'not-checked-alone',
    `${root.local} is well-formed; the rest is checked with its bundle only.`,
    'Give the folder of the bundle.',
  );
  return { checkedAs: 'configuration', diagnostics: [...diagnostics, unchecked] };
}

/** A workspace holds XML of other tools too, which is neither read nor blamed here. */
function checkStray(document: Document, environment: Environment | undefined): DocumentFindings {
  const { root, diagnostics } = readDocument(document);
  if (root !== undefined) {
    return knownPolicyTypes.has(root.local)
      ? checkAsPolicy(document, environment)
      : { checkedAs: 'nothing', diagnostics: [] };
  }
  const unread = diagnostics.map((diagnostic): Diagnostic => ({ ...diagnostic, severity: 'info' }));
  return { checkedAs: 'nothing', diagnostics: unread };
}

function readDocument({ bytes, name }: Document): {
  readonly root: XmlElement | undefined;
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic) => diagnostics.push(diagnostic);
  return { root: readXml(bytes, { file: name, report }), diagnostics };
}

/** What becomes of a mistake of this program, so that one file or bundle does not hide the findings of others. */
export function internalError(file: string, error: unknown): Diagnostic {
  const message = `The check itself failed: ${error instanceof Error ? error.message : String(error)}`;
  const hint = 'Report it to the project with the file.';
  return aboutFile(file, 'error', 'internal-error', message, hint);
}
