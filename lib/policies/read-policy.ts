import { DeploymentError } from '../diagnostic/deployment-error.ts';
import { diagnosticAt, type Diagnostic, type Report } from '../diagnostic/diagnostic.ts';
import type { Environment } from '../host/environment.ts';
import { readXml } from '../xml/read.ts';
import { compilePolicy } from './compile-policy.ts';
import type { HostPolicyNode } from './host-policy/policy-tree.ts';
import { readPolicyDocument } from './policy-document.ts';
import type { PolicyResources } from './policy-type.ts';
import type { Policy } from './registry.ts';
import { unavailableServices } from './unavailable-services.ts';

export interface ReadPolicyOptions {
  /** Name of the file, for diagnostics, and for a policy without a name of its own. */
  readonly file?: string;
}

export interface CheckPolicyOptions extends ReadPolicyOptions {
  /** With it, target servers and the service account are checked too. */
  readonly environment?: Environment;
  /** With them, the files are checked that the policy names. */
  readonly resources?: PolicyResources;
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

/**
 * Reads a policy of a type that Apigee has and this runtime has not, for an implementation of the host.
 *
 * @throws {DeploymentError} with every finding, when one is an error or the type needs no implementation
 */
export function parseHostPolicy(
  xml: string | Uint8Array,
  { file }: ReadPolicyOptions = {},
): HostPolicyNode {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => diagnostics.push(diagnostic);
  const root = readXml(xml, { file: file ?? unnamedFile, report });
  const document = root === undefined ? undefined : readPolicyDocument(root, file, report);
  if (document?.kind === 'supported') {
    const { location, type } = document.policy;
    const message = `${type} runs here without an implementation.`;
    report(diagnosticAt(location, 'error', 'supported-policy', message, 'Use parsePolicy.'));
  }
  if (document?.kind !== 'unsupported' || diagnostics.some(({ severity }) => severity === 'error'))
    throw new DeploymentError(diagnostics);
  return document;
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
  { file, environment, resources }: CheckPolicyOptions,
  report: Report,
): Policy | undefined {
  const root = readXml(xml, { file: file ?? unnamedFile, report });
  if (root === undefined) return undefined;
  const document = readPolicyDocument(root, file, report);
  if (document?.kind !== 'supported') return undefined;
  const { policy } = document;
  compilePolicy(policy, {
    report,
    environment,
    identity: 'service-account',
    services: unavailableServices,
    ...(resources === undefined ? {} : { resources }),
  });
  return policy;
}
