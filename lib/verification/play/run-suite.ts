import type { Coverage } from '../coverage/coverage.ts';
import { SuiteFiles } from '../suite/suite-files.ts';
import type { SuiteFile } from '../suite/read-suite.ts';
import { runCase, type CaseResult } from './run-case.ts';

export interface RunSuiteOptions {
  /** Only cases whose name it accepts; all of them unless given. */
  readonly filter?: (name: string) => boolean;
  /** Cases under way at once; 16 unless given. */
  readonly concurrency?: number;
  /** Told what the cases reach. */
  readonly coverage?: Coverage | undefined;
  /** Told of each case as soon as it is done. */
  readonly onResult?: (result: CaseResult) => void;
}

export interface SuiteResult {
  readonly file: string;
  readonly name: string;
  /** Paths of the suite and of everything that it names, as far as it was read. */
  readonly files: readonly string[];
  /** In the order of the file. */
  readonly results: readonly CaseResult[];
}

/** Runs the cases of a suite, several at once: each has a world of its own. Never rejects. */
export async function runSuite(
  { file, suite }: SuiteFile,
  { filter = () => true, concurrency = 16, coverage, onResult }: RunSuiteOptions = {},
): Promise<SuiteResult> {
  const files = new SuiteFiles(file);
  const cases = suite.cases.filter(({ name }) => filter(name));
  const results: CaseResult[] = [];
  const queue = cases.entries();
  const work = async (): Promise<void> => {
    for (const [index, one] of queue) {
      const result = await runCase(one, suite, files, { coverage });
      results[index] = result;
      onResult?.(result);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return { file, name: suite.name ?? file, files: [file, ...files.paths], results };
}
