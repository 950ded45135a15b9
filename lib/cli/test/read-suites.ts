import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import { findSuites } from '../../verification/suite/find-suites.ts';
import { readSuite, type SuiteFile } from '../../verification/suite/read-suite.ts';
import { UsageError } from '../exit.ts';
import { writeDiagnostics } from '../terminal/diagnostics.ts';
import type { Streams } from '../terminal/streams.ts';

/**
 * Reads suites, and those of folders. Undefined after telling every finding, if one is no suite.
 * @throws {UsageError} when there is nothing to read
 */
export async function readSuites(
  paths: readonly string[],
  streams: Streams,
): Promise<readonly SuiteFile[] | undefined> {
  const suites: SuiteFile[] = [];
  let isReadable = true;
  for (const file of suiteFiles(paths)) {
    try {
      suites.push(await readSuite(file));
    } catch (error) {
      if (!(error instanceof DeploymentError)) throw unreadable(file, error);
      isReadable = false;
      writeDiagnostics(error.diagnostics, streams);
    }
  }
  return isReadable ? suites : undefined;
}

function suiteFiles(paths: readonly string[]): ReadonlySet<string> {
  const files = paths.flatMap((path) => {
    try {
      const found = findSuites(path);
      if (found.length === 0) throw new UsageError(`${path}: there are no suites in it`);
      return found;
    } catch (error) {
      throw unreadable(path, error);
    }
  });
  return new Set(files);
}

function unreadable(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return new UsageError(`${path}: there is no such file or folder`);
  const isOfSystem = error instanceof Error && typeof code === 'string';
  return isOfSystem ? new UsageError(`${path}: it cannot be read: ${error.message}`) : error;
}
