import { basename } from 'node:path';
import { DeploymentError } from '../diagnostic/deployment-error.ts';
import { diagnosticAt, type Diagnostic, type Report } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import { readPolicyDocument } from '../policies/policy-document.ts';
import { readXml } from '../xml/read.ts';
import type { XmlElement } from '../xml/tree.ts';
import type {
  Bundle,
  BundlePolicy,
  IntegrationEndpoint,
  PropertySet,
  ProxyEndpoint,
  ResourceFile,
  SharedFlow,
  TargetEndpoint,
} from './bundle.ts';
import { fileRole, resourceName, type FileRole } from './file-role.ts';
import { policyReferences } from './policy-references.ts';
import { decodeProperties, readProperties } from './properties-file.ts';
import {
  readDescriptor,
  readIntegrationEndpoint,
  readProxyEndpoint,
  readSharedFlow,
  readTargetEndpoint,
  type Descriptor,
} from './read-documents.ts';
import { aboutFile, type SourceFile } from './source.ts';

/** A file with its path below the bundle's folder. */
export interface BundleFile {
  readonly path: string;
  readonly file: SourceFile;
}

/** What one bundle may hold, all files together, in bytes. A deployment takes 15 MB, zipped. */
const mostBytes = 128 * 1024 * 1024;

/**
 * Reads the files of one bundle. Never throws for what they hold.
 *
 * @param path of the bundle's folder, as diagnostics call it
 * @param fallbackName what the bundle is called if it has no descriptor
 */
export async function readBundle(
  kind: Bundle['kind'],
  path: string,
  files: readonly BundleFile[],
  fallbackName: string = basename(path),
): Promise<Bundle> {
  const reader = new BundleReader(kind, path, fallbackName);
  for (const file of files) await reader.readFile(file);
  return reader.finish();
}

class BundleReader {
  readonly #kind: Bundle['kind'];
  readonly #path: string;
  readonly #fallbackName: string;
  readonly #diagnostics: Diagnostic[] = [];
  readonly #report: Report = (diagnostic) => this.#diagnostics.push(diagnostic);
  readonly #policies = new Map<string, BundlePolicy>();
  readonly #proxyEndpoints = new Map<string, ProxyEndpoint>();
  readonly #targetEndpoints = new Map<string, TargetEndpoint>();
  readonly #integrationEndpoints = new Map<string, IntegrationEndpoint>();
  readonly #sharedFlows = new Map<string, SharedFlow>();
  readonly #resources = new Map<string, ResourceFile>();
  readonly #propertySets = new Map<string, PropertySet>();
  readonly #broken = new Set<string>();
  #descriptor: Descriptor | undefined;
  /** Name of the file of a descriptor that could not be read. */
  #brokenDescriptor: string | undefined;
  #bytes = 0;

  constructor(kind: Bundle['kind'], path: string, fallbackName: string) {
    this.#kind = kind;
    this.#path = path;
    this.#fallbackName = fallbackName === '' ? 'unnamed' : fallbackName;
  }

  async readFile({ path, file }: BundleFile): Promise<void> {
    const role = fileRole(path, this.#kind);
    if (role === 'passed-over') return;
    if (role === 'foreign' || role === 'unexpected') this.#reportUnread(role, file.name);
    else if (role === 'resource') await this.#readResource(path, file);
    else await this.#readDocument(role, file);
  }

  finish(): Bundle {
    const { name, revision, location } = this.#descriptor ?? this.#missingDescriptor();
    return {
      kind: this.#kind,
      name,
      revision,
      path: this.#path,
      location,
      diagnostics: this.#diagnostics,
      policies: this.#policies,
      proxyEndpoints: this.#proxyEndpoints,
      targetEndpoints: this.#targetEndpoints,
      integrationEndpoints: this.#integrationEndpoints,
      sharedFlows: this.#sharedFlows,
      resources: this.#resources,
      propertySets: this.#propertySets,
      broken: this.#broken,
    };
  }

  async #readResource(path: string, file: SourceFile): Promise<void> {
    const bytes = await this.#bytesOf(file);
    if (bytes === undefined) return;
    const { type, path: below } = resourceName(path);
    const url = `${type}://${below}`;
    this.#resources.set(url, { url, type, file: file.name, bytes });
    if (type !== 'properties') return;
    const properties = readProperties(decodeProperties(bytes), {
      file: file.name,
      report: this.#report,
    });
    this.#propertySets.set(basename(below).replace(/\.properties$/i, ''), properties);
  }

  async #readDocument(role: DocumentRole, file: SourceFile): Promise<void> {
    const bytes = await this.#bytesOf(file);
    const root =
      bytes === undefined ? undefined : readXml(bytes, { file: file.name, report: this.#report });
    const isRead = root !== undefined && this.#readRoot(role, root);
    if (isRead) return;
    const name = basename(file.name).replace(/\.xml$/i, '');
    if (role === 'descriptor') this.#brokenDescriptor ??= name;
    else this.#broken.add(name);
  }

  /** Whether the document is of its kind. */
  #readRoot(role: DocumentRole, root: XmlElement): boolean {
    const report = this.#report;
    switch (role) {
      case 'descriptor':
        return this.#readDescriptor(root);
      case 'policy':
        return this.#readPolicy(root);
      case 'proxy-endpoint':
        return this.#keep(this.#proxyEndpoints, readProxyEndpoint(root, report));
      case 'target-endpoint':
        return this.#keep(this.#targetEndpoints, readTargetEndpoint(root, report));
      case 'integration-endpoint':
        return this.#keep(this.#integrationEndpoints, readIntegrationEndpoint(root, report));
      case 'shared-flow':
        return this.#keep(this.#sharedFlows, readSharedFlow(root, report));
    }
  }

  #readDescriptor(root: XmlElement): boolean {
    if (this.#descriptor !== undefined) {
      const message = `${this.#descriptor.location.file} describes the bundle already; this file is ignored.`;
      this.#report(
        diagnosticAt(root.location, 'warning', 'second-descriptor', message, 'Leave one of them.'),
      );
      return true;
    }
    this.#descriptor = readDescriptor(root, rootOf[this.#kind], this.#report);
    return this.#descriptor !== undefined;
  }

  #readPolicy(root: XmlElement): boolean {
    const { location } = root;
    const document = readPolicyDocument(root, location.file, this.#report);
    if (document === undefined) return false;
    const policy: BundlePolicy = { ...document, references: policyReferences(root) };
    const { name } = document.kind === 'supported' ? document.policy : document;
    this.#checkFileName(name, root);
    return this.#keepNamed(this.#policies, name, policy, location);
  }

  #checkFileName(name: string, { local, location }: XmlElement): void {
    const file = basename(location.file);
    if (file.replace(/\.xml$/i, '') === name) return;
    const message = `The ${local} is named "${name}", but its file ${file}.`;
    const hint = 'Name the file after the policy; steps find it by its name.';
    this.#report(diagnosticAt(location, 'warning', 'name-differs-from-file', message, hint));
  }

  #keep<T extends { readonly name: string; readonly location: Location }>(
    kept: Map<string, T>,
    document: T | undefined,
  ): boolean {
    if (document === undefined) return false;
    return this.#keepNamed(kept, document.name, document, document.location);
  }

  #keepNamed<T>(kept: Map<string, T>, name: string, document: T, location: Location): true {
    if (kept.has(name)) {
      const hint = 'Rename one of them; the first by file name is kept.';
      this.#report(diagnosticAt(location, 'error', 'duplicate-name', `Duplicate ${name}`, hint));
    } else {
      kept.set(name, document);
    }
    return true;
  }

  async #bytesOf(file: SourceFile): Promise<Uint8Array | undefined> {
    if (this.#bytes > mostBytes) return undefined;
    try {
      const bytes = await file.bytes();
      this.#bytes += bytes.length;
      if (this.#bytes <= mostBytes) return bytes;
      const message = `The bundle holds more than ${mostBytes} bytes; the rest is not read.`;
      this.#report(aboutFile(file.name, 'error', 'bundle-too-large', message, 'Split it.'));
    } catch (error) {
      if (!(error instanceof DeploymentError)) throw error;
      this.#diagnostics.push(...error.diagnostics);
    }
    return undefined;
  }

  #reportUnread(role: 'foreign' | 'unexpected', file: string): void {
    const where = this.#kind === 'apiproxy' ? 'an API proxy' : 'a shared flow bundle';
    const [code, message] =
      role === 'foreign'
        ? (['foreign-file', `Documents of this kind do not belong to ${where}.`] as const)
        : (['unexpected-file', 'The file has no meaning at this place and is ignored.'] as const);
    this.#report(
      aboutFile(file, 'warning', code, message, 'Move it to where it belongs, or remove it.'),
    );
  }

  /** What stands for a descriptor that is missing, as in bundles that tools keep, or broken. */
  #missingDescriptor(): Descriptor {
    const start: Location = { file: this.#path, line: 1, column: 1 };
    if (this.#brokenDescriptor !== undefined) {
      return { name: this.#brokenDescriptor, revision: '1', location: start };
    }
    const root = rootOf[this.#kind];
    const name = this.#fallbackName;
    const message = `The bundle has no ${root} descriptor; it is named ${name}, as its folder is.`;
    const hint = `Put a file ${name}.xml with the root element ${root} into the folder.`;
    this.#report(diagnosticAt(start, 'warning', 'descriptor-missing', message, hint));
    return { name, revision: '1', location: start };
  }
}

type DocumentRole = Exclude<FileRole, 'passed-over' | 'foreign' | 'unexpected' | 'resource'>;

const rootOf = {
  apiproxy: 'APIProxy',
  sharedflowbundle: 'SharedFlowBundle',
} as const;
