import { resolve } from 'node:path';
import { checkBundle } from '../../bundle/check-bundle.ts';
import { checkDeployment } from '../../bundle/check-deployment.ts';
import { deployedTogether, isInWorkspace } from '../../bundle/deployed-together.ts';
import { layOut, type BundleFolder } from '../../bundle/layout.ts';
import type { Bundle } from '../../bundle/bundle.ts';
import { bundlesIn, type UnreadBundle } from '../../bundle/load-bundle.ts';
import { readSource } from '../../bundle/read-source.ts';
import { aboutFile, type BundleSource, type SourceFile } from '../../bundle/source.ts';
import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { loadEnvironment } from '../../environment/load-environment.ts';
import { emptyEnvironment, type Environment } from '../../host/environment.ts';
import { checkDocument, internalError, type Document } from './check-document.ts';
import { excerptsOf } from './excerpts.ts';
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

/** Checks everything below the paths and reports all of it. Throws only what is a mistake of this program. */
export async function checkPaths(
  paths: readonly string[],
  options: CheckOptions,
): Promise<CheckOutcome> {
  const check = new Check(options.excerpts);
  const environment =
    options.env === undefined ? undefined : await check.readEnvironment(options.env);
  for (const path of outermostFirst(paths)) await check.checkPath(path, environment);
  return check.finish();
}

/** A folder before what is in it: so that a policy is checked with its bundle if that is given too. */
function outermostFirst(paths: readonly string[]): readonly string[] {
  return [...paths].sort((one, other) => resolve(one).length - resolve(other).length);
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
    this.#findings.add(this.#newOf(source.diagnostics));
    const { bundles: folders, files } = layOut(source);
    const bundles = bundlesIn(source, folders);
    this.#checkShape(source, folders);
    await this.#checkBundles(bundles, source, environment);
    const inBundles = new Set(bundles.flatMap((bundle) => bundle.files.map(({ file }) => file)));
    for (const { file, role } of files) {
      if (!this.#isNew(`file ${file.name}`)) continue;
      // A policy counts where it cannot be read too.
      if (role === 'policy') this.#policies += 1;
      else if ((role === 'loose' || role === 'stray') && !inBundles.has(file)) {
        await this.#checkFile(file, role, environment);
      }
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

  async #checkBundles(
    bundles: readonly UnreadBundle[],
    source: BundleSource,
    environment: Environment | undefined,
  ): Promise<void> {
    const ofWorkspaces: Bundle[] = [];
    for (const bundle of bundles) {
      if (!this.#isNew(`bundle ${bundle.path}`)) continue;
      this.#bundles += 1;
      const checked = await this.#checkBundle(bundle, environment);
      // Others are let go, since all of a repository may be a lot.
      if (checked !== undefined && isInWorkspace(bundle.path, source)) ofWorkspaces.push(checked);
    }
    await this.#checkTogether(ofWorkspaces, source, environment);
  }

  /** A bundle is checked whole: what its files say by themselves, and what does not fit together. */
  async #checkBundle(
    unread: UnreadBundle,
    environment: Environment | undefined,
  ): Promise<Bundle | undefined> {
    try {
      const bundle = await unread.read();
      const files = unread.files.map(({ file }) => file);
      await this.#tell(checkBundle(bundle, { environment }), files);
      return bundle;
    } catch (error) {
      this.#findings.add([internalError(unread.path, error)]);
      return undefined;
    }
  }

  /** What does not fit together between the bundles of a workspace. */
  async #checkTogether(
    bundles: readonly Bundle[],
    source: BundleSource,
    environment: Environment | undefined,
  ): Promise<void> {
    const diagnostics: Diagnostic[] = [];
    try {
      const together = await deployedTogether(source, bundles, environment?.name, (diagnostic) =>
        diagnostics.push(diagnostic),
      );
      for (const deployed of together) {
        diagnostics.push(...checkDeployment(deployed, environment ?? emptyEnvironment));
      }
    } catch (error) {
      if (error instanceof DeploymentError) diagnostics.push(...error.diagnostics);
      else diagnostics.push(internalError(source.name, error));
    }
    // Several environments may deploy the same bundles.
    await this.#tell(this.#newOf(diagnostics), source.files);
  }

  async #checkFile(
    file: SourceFile,
    role: Document['role'],
    environment: Environment | undefined,
  ): Promise<void> {
    try {
      const bytes = await file.bytes();
      const findings = checkDocument({ name: file.name, bytes, role }, environment);
      if (findings.checkedAs === 'policy') this.#policies += 1;
      await this.#tell(findings.diagnostics, [{ ...file, bytes: () => Promise.resolve(bytes) }]);
    } catch (error) {
      if (error instanceof DeploymentError) this.#findings.add(error.diagnostics);
      else this.#findings.add([internalError(file.name, error)]);
    }
  }

  async #tell(diagnostics: readonly Diagnostic[], files: readonly SourceFile[]): Promise<void> {
    this.#findings.add(diagnostics);
    if (this.#keep === 'none') return;
    const excerpts = await excerptsOf(diagnostics, files);
    for (const [diagnostic, shown] of excerpts) this.#excerpts.set(diagnostic, shown);
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

  /** Those that were not told before; for findings that two readings of one thing may give. */
  #newOf(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
    return diagnostics.filter(({ file, line, column, code, message }) =>
      this.#isNew(`finding ${file}:${line}:${column} ${code} ${message}`),
    );
  }
}
