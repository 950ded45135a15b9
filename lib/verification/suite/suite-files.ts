import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bundle } from '../../bundle/bundle.ts';
import { loadBundles } from '../../bundle/load-bundle.ts';
import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import { diagnosticAt } from '../../diagnostic/diagnostic.ts';
import { loadEnvironment, readEnvironmentText } from '../../environment/load-environment.ts';
import { emptyEnvironment, type Environment } from '../../host/environment.ts';
import { parsePolicy } from '../../policies/read-policy.ts';
import type { Policy } from '../../policies/registry.ts';
import type { Setting } from './case.ts';

/** The files that the cases of one suite name, each read once. */
export class SuiteFiles {
  readonly #file: string;
  readonly #folder: string;
  readonly #bundles = new Map<string, Promise<readonly Bundle[]>>();
  readonly #environments = new Map<string, Promise<Environment>>();
  readonly #policies = new Map<string, Promise<Policy>>();

  /** Every path that was asked for. */
  readonly paths = new Set<string>();

  /** @param file the suite's own */
  constructor(file: string) {
    this.#file = path.resolve(file);
    this.#folder = path.dirname(this.#file);
  }

  /** @throws {DeploymentError} when one of them cannot be read */
  async bundles(paths: string | readonly string[]): Promise<readonly Bundle[]> {
    const all = typeof paths === 'string' ? [paths] : paths;
    return (await Promise.all(all.map((one) => this.#bundlesAt(one)))).flat();
  }

  /** A policy by its XML or by the path of its file. @throws {DeploymentError} when it cannot be parsed */
  policy(text: string): Promise<Policy> {
    return once(this.#policies, text, async () => {
      if (text.trimStart().startsWith('<')) return parsePolicy(text);
      const file = this.#resolved(text);
      return parsePolicy(await bytesOf(file), { file });
    });
  }

  /**
   * A shared flow: policies in a row, or a bundle by its path.
   * @throws {DeploymentError} when it cannot be read
   */
  async sharedFlow(given: string | readonly string[]): Promise<readonly Policy[] | Bundle> {
    if (typeof given !== 'string') return Promise.all(given.map((one) => this.policy(one)));
    const [bundle] = await this.#bundlesAt(given);
    if (bundle?.kind === 'sharedflowbundle') return bundle;
    const start = { file: this.#resolved(given), line: 1, column: 1 };
    const message = 'There is no shared flow bundle here.';
    throw new DeploymentError([diagnosticAt(start, 'error', 'missing-shared-flow', message)]);
  }

  /** @throws {DeploymentError} when it cannot be read */
  environment(environment: Setting['environment']): Promise<Environment> {
    if (environment === undefined) return Promise.resolve(emptyEnvironment);
    const key = typeof environment === 'string' ? environment : JSON.stringify(environment);
    return once(this.#environments, key, () =>
      typeof environment === 'string'
        ? this.#environmentAt(this.#resolved(environment))
        : this.#environmentOf(key),
    );
  }

  #bundlesAt(given: string): Promise<readonly Bundle[]> {
    return once(this.#bundles, given, async () => {
      const bundles = await loadBundles(this.#resolved(given));
      const errors = bundles
        .flatMap(({ diagnostics }) => diagnostics)
        .filter(({ severity }) => severity === 'error');
      if (errors.length > 0) throw new DeploymentError(errors);
      return bundles;
    });
  }

  async #environmentAt(file: string): Promise<Environment> {
    return (await loadEnvironment(file)).environment;
  }

  /** One that stands in the suite itself; it names files as the suite does. */
  async #environmentOf(text: string): Promise<Environment> {
    const file = `${this.#file} (environment)`;
    return (await readEnvironmentText(text, file, { name: 'environment' })).environment;
  }

  #resolved(given: string): string {
    const whole = path.resolve(this.#folder, given);
    this.paths.add(whole);
    return whole;
  }
}

/** @throws {DeploymentError} when it cannot be read */
async function bytesOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `The policy cannot be read: ${why}`;
    const start = { file, line: 1, column: 1 };
    throw new DeploymentError([diagnosticAt(start, 'error', 'unreadable-file', message)]);
  }
}

function once<Value>(
  known: Map<string, Promise<Value>>,
  key: string,
  read: () => Promise<Value>,
): Promise<Value> {
  let value = known.get(key);
  if (value === undefined) {
    value = read();
    known.set(key, value);
  }
  return value;
}
