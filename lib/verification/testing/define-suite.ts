import { readFileSync } from 'node:fs';
import { PolicyDoubles, type Doubles } from '../doubles/policy-doubles.ts';
import { runCase } from '../play/run-case.ts';
import type { Case, Suite } from '../suite/case.ts';
import { findSuites } from '../suite/find-suites.ts';
import { parseSuite } from '../suite/read-suite.ts';
import { SuiteFiles } from '../suite/suite-files.ts';
import { CaseFailure } from './case-failure.ts';
import { presentRunner, type TestRunner } from './runner.ts';

export interface DefineSuiteOptions {
  /** Answers for policies by their names, before those of the suite's upstreams; in each case anew. */
  readonly doubles?: Doubles;
  /** Where the tests go; to the runner whose `describe` and `it` are there, else to node:test. */
  readonly runner?: TestRunner;
}

/**
 * Has a test runner run suites: a `describe` for each file, an `it` for each case. Paths are seen from the
 * working directory; a folder stands for the suites in it, and `*`, `?` and `**` for what is there.
 *
 * @throws {DeploymentError} for a file that is no suite
 * @throws {TypeError} when there is no suite
 */
export function defineSuite(
  files: string | readonly string[],
  { doubles, runner = presentRunner() }: DefineSuiteOptions = {},
): void {
  const given = typeof files === 'string' ? [files] : files;
  const found = new Set(given.flatMap(findSuites));
  if (found.size === 0) throw new TypeError(`There are no suites: ${given.join(', ')}`);
  for (const file of found) {
    const { suite } = parseSuite(readFileSync(file, 'utf8'), file);
    const named = new SuiteFiles(file);
    runner.describe(suite.name ?? file, () => {
      for (const one of suite.cases) defineCase(one, suite, named, doubles, runner);
    });
  }
}

function defineCase(
  one: Case,
  suite: Suite,
  files: SuiteFiles,
  doubles: Doubles | undefined,
  { it }: TestRunner,
): void {
  const define = one.skip === undefined ? it : it.skip;
  define(one.name, async () => {
    const result = await runCase(one, suite, files, {
      doubles: doubles === undefined ? undefined : new PolicyDoubles(doubles),
    });
    if (result.outcome !== 'passed') throw new CaseFailure(result);
  });
}
