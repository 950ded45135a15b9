import { DeploymentError } from '../diagnostic/deployment-error.ts';
import { diagnosticAt, type Diagnostic, type Report } from '../diagnostic/diagnostic.ts';
import type { Environment } from '../host/environment.ts';
import { readElement } from '../xml/grammar/read-element.ts';
import { readXml } from '../xml/read.ts';
import type { XmlElement } from '../xml/tree.ts';
import { compilePolicy } from './compile-policy.ts';
import { knownPolicyTypes } from './known-policy-types.ts';
import { policyName } from './policy-name.ts';
import type { PolicyCore } from './policy-type.ts';
import { policyTypeNamed, supportedPolicyTypes, type Policy } from './registry.ts';
import { unavailableServices } from './unavailable-services.ts';

export interface ReadPolicyOptions {
  /** Name of the file, for diagnostics, and for a policy without a name of its own. */
  readonly file?: string;
}

export interface CheckPolicyOptions extends ReadPolicyOptions {
  /** With it, target servers and the service account are checked too. */
  readonly environment?: Environment;
}

/** What a diagnostic names when no file was given. */
const unnamedFile = 'policy.xml';

/**
 * Reads a policy into its AST and checks it as a deployment would, as far as that needs no environment.
 *
 * @throws {DeploymentError} with every finding, when one of them is an error or the type is not supported
 */
export function parsePolicy(xml: string | Uint8Array, options: ReadPolicyOptions = {}): Policy {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => diagnostics.push(diagnostic);
  const policy = readPolicy(xml, options, report);
  const failed = diagnostics.some(({ severity }) => severity === 'error');
  if (policy !== undefined && !failed) return policy;
  if (failed) throw new DeploymentError(diagnostics);
  // A type that Apigee knows and this runtime does not is only a warning inside a bundle.
  throw new DeploymentError(
    diagnostics.map((diagnostic) => ({ ...diagnostic, severity: 'error' })),
  );
}

/** Every finding about a policy. Never throws for bad input, and reports nothing twice. */
export function checkPolicy(
  xml: string | Uint8Array,
  options: CheckPolicyOptions = {},
): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  readPolicy(xml, options, (diagnostic) => diagnostics.push(diagnostic));
  return diagnostics;
}

function readPolicy(
  xml: string | Uint8Array,
  { file, environment }: CheckPolicyOptions,
  report: Report,
): Policy | undefined {
  const root = readXml(xml, { file: file ?? unnamedFile, report });
  if (root === undefined) return undefined;
  const type = policyTypeNamed(root.local);
  if (type === undefined) {
    reportType(root, report);
    return undefined;
  }
  const node = readElement(root, type.grammar, report);
  const name = policyName(node.name, file, { location: root.location, type: type.type, report });
  const policy: PolicyCore = { type: type.type, ...node, name };
  type.check(policy, report);
  compilePolicy(policy, {
    report,
    environment,
    identity: 'service-account',
    services: unavailableServices,
  });
  return policy as Policy;
}

function reportType({ local, location }: XmlElement, report: Report): void {
  const supported = supportedPolicyTypes()
    .map(({ type }) => type)
    .join(', ');
  if (knownPolicyTypes.has(local)) {
    report(
      diagnosticAt(
        location,
        'warning',
        'unsupported-policy',
        `The policy type ${local} is not supported yet.`,
        `Supported: ${supported}.`,
      ),
    );
    return;
  }
  report(
    diagnosticAt(
      location,
      'error',
      'unknown-policy-type',
      `${local} is not a policy type.`,
      `The root element names the type, such as ${supported}.`,
    ),
  );
}
