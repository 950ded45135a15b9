import { checkBundle } from '../../bundle/check-bundle.ts';
import { layOut, type BundleFolder } from '../../bundle/layout.ts';
import { bundlesIn } from '../../bundle/load-bundle.ts';
import { readSource } from '../../bundle/read-source.ts';
import { aboutFile, type BundleSource, type SourceFile } from '../../bundle/source.ts';
import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { excerpt } from '../../diagnostic/excerpt.ts';
import { loadEnvironment } from '../../environment/load-environment.ts';
import type { Environment } from '../../host/environment.ts';
import { decodeXml } from '../../xml/decode.ts';
import { checkDocument, internalError, type Document } from './check-document.ts';
import { Findings } from './findings.ts';

export interface CheckOptions {
  /** Path of an environment. */
  readonly env?: string | undefined;
  /** Whether the source lines of findings are kept, for a person to see. */
  readonly excerpts: 'kept' | 'none';
}

export interface CheckOutcome {
  /** Ordered by file, line and column. Not all of them when one is `too-many-findings`. */
  readonly diagnostics: readonly Diagnostic[];
  readonly excerpts: ReadonlyMap<Diagnostic, string>;
  readonly summary: CheckSummary;
  /** Findings about a path or an environment that could not be read at all. Among `diagnostics` too. */
  readonly unusable: readonly Diagnostic[];
}

/** What was found, also where not all of it is among the diagnostics. */
export interface CheckSummary {
  readonly errors: number;
  readonly warnings: number;
  readonly bundles: number;
  readonly policies: number;
}

/** A file with more findings than this has enough of them shown with their source. */
const excerptsPerFile = 50;

/** Checks everything below the paths and reports all of it. Throws only what is a mistake of this program. */
export async function checkPaths(
  paths: readonly string[],
  options: CheckOptions,
): Promise<CheckOutcome> {
  const check = new Check(options.excerpts);
  const environment =
    options.env === undefined ? undefined : await check.readEnvironment(options.env);
  for (const path of paths) await check.checkPath(path, environment);
  return check.finish();
}

class Check {
  readonly #findings = new Findings();
  readonly #unusable: Diagnostic[] = [];
  readonly #excerpts = new Map<Diagnostic, string>();
  readonly #keep: CheckOptions['excerpts'];
  /** Names of what was read, so that paths which overlap report nothing twice. */
  readonly #seen = new Set<string>();
  #bundles = 0;
  #policies = 0;

  constructor(keep: CheckOptions['excerpts']) {
    this.#keep = keep;
  }

  async readEnvironment(path: string): Promise<Environment | undefined> {
    const loaded = await this.#orUnusable(() => loadEnvironment(path));
    this.#findings.add(loaded?.diagnostics ?? []);
    return loaded?.environment;
  }

  async checkPath(path: string, environment: Environment | undefined): Promise<void> {
    const source = await this.#orUnusable(() => readSource(path));
    if (source === undefined || !this.#isNew(`source ${source.name}`)) return;
    this.#findings.add(source.diagnostics);
    const { bundles, files } = layOut(source);
    for (const { name } of bundles) if (this.#isNew(`bundle ${name}`)) this.#bundles += 1;
    this.#checkShape(source, bundles);
    await this.#checkBundles(source, environment);
    for (const { file, role } of files) {
      if (role === 'loose' || role === 'stray') await this.#checkFile(file, role, environment);
    }
  }

  /** A bundle is checked whole: what its files say by themselves, and what does not fit together. */
  async #checkBundles(source: BundleSource, environment: Environment | undefined): Promise<void> {
    const files = new Map(source.files.map((file) => [file.name, file]));
    for (const bundle of await bundlesIn(source)) {
      const told = new Set(this.#seen);
      for (const name of files.keys())
        if (name.startsWith(`${bundle.path}/`)) this.#seen.add(`file ${name}`);
      this.#policies += [...bundle.policies.values()].length;
      const diagnostics = checkBundle(bundle, { environment }).filter(
        ({ file }) => !told.has(`file ${file}`),
      );
      this.#findings.add(diagnostics);
      if (this.#keep === 'kept') await this.#keepBundleExcerpts(files, diagnostics);
    }
  }

  async #keepBundleExcerpts(
    files: ReadonlyMap<string, SourceFile>,
    diagnostics: readonly Diagnostic[],
  ): Promise<void> {
    for (const name of new Set(diagnostics.map(({ file }) => file))) {
      const bytes = await files.get(name)?.bytes();
      const about = diagnostics.filter(({ file }) => file === name);
      if (bytes !== undefined) this.#keepExcerpts(name, bytes, about);
    }
  }

  finish(): CheckOutcome {
    const { error: errors, warning: warnings } = this.#findings.counts;
    return {
      diagnostics: this.#findings.inOrder(),
      excerpts: this.#excerpts,
      summary: { errors, warnings, bundles: this.#bundles, policies: this.#policies },
      unusable: this.#unusable,
    };
  }

  #checkShape(source: BundleSource, bundles: readonly BundleFolder[]): void {
    const warn = (code: string, message: string, hint: string) => {
      this.#findings.add([aboutFile(source.name, 'warning', code, message, hint)]);
    };
    const archiveHint = 'Create it from inside the folder that holds apiproxy.';
    const checkable = source.files.some(({ path }) => /\.xml$/i.test(path));
    const broken = source.diagnostics.some(({ severity }) => severity === 'error');
    if (!checkable && source.kind !== 'file' && !broken) {
      const hint = 'Give a policy file, a bundle folder, a zip or a workspace.';
      const message = 'It holds no XML file.';
      this.#findings.add([aboutFile(source.name, 'error', 'nothing-to-check', message, hint)]);
    }
    if (source.kind !== 'zip') return;
    if (checkable && bundles.length === 0) {
      const message = 'The archive holds neither apiproxy nor sharedflowbundle.';
      warn('no-bundle', message, archiveHint);
    }
    for (const { path } of bundles.filter((bundle) => bundle.path.includes('/'))) {
      const message = `The bundle is at ${path}, where a deployment does not find it.`;
      warn('nested-bundle', message, archiveHint);
    }
  }

  async #checkFile(
    file: SourceFile,
    role: Document['role'],
    environment: Environment | undefined,
  ): Promise<void> {
    if (!this.#isNew(`file ${file.name}`)) return;
    let bytes: Uint8Array;
    try {
      bytes = await file.bytes();
    } catch (error) {
      if (!(error instanceof DeploymentError)) throw error;
      this.#findings.add(error.diagnostics);
      return;
    }
    try {
      const findings = checkDocument({ name: file.name, bytes, role }, environment);
      if (findings.checkedAs === 'policy') this.#policies += 1;
      this.#findings.add(findings.diagnostics);
      if (this.#keep === 'kept') this.#keepExcerpts(file.name, bytes, findings.diagnostics);
    } catch (error) {
      this.#findings.add([internalError(file.name, error)]);
    }
  }

  #keepExcerpts(file: string, bytes: Uint8Array, diagnostics: readonly Diagnostic[]): void {
    if (diagnostics.length === 0) return;
    const text = decodeXml(bytes, { file, report: () => undefined });
    if (text === undefined) return;
    for (const diagnostic of diagnostics.slice(0, excerptsPerFile)) {
      // A finding may point into the environment's files instead.
      if (diagnostic.file === file) this.#excerpts.set(diagnostic, excerpt(text, diagnostic));
    }
  }

  async #orUnusable<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof DeploymentError)) throw error;
      this.#findings.add(error.diagnostics);
      this.#unusable.push(...error.diagnostics);
      return undefined;
    }
  }

  #isNew(key: string): boolean {
    const isNew = !this.#seen.has(key);
    this.#seen.add(key);
    return isNew;
  }
}
