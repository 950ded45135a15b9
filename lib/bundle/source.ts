import { DeploymentError } from '../diagnostic/deployment-error.ts';
import { diagnosticAt, type Diagnostic, type Severity } from '../diagnostic/diagnostic.ts';

/** One file of a source. */
export interface SourceFile {
  /** Relative to the source, with `/` between its segments. A single file's own name. */
  readonly path: string;
  /** What diagnostics call it: the source's path as it was given, joined with `path`. */
  readonly name: string;
  /**
   * Reads the file anew at each call.
   *
   * @throws {DeploymentError} with one diagnostic, when it cannot be read or breaks a limit
   */
  bytes(): Promise<Uint8Array>;
}

/** Where bundles come from, listed but not yet read. It holds nothing open. */
export interface BundleSource {
  readonly kind: 'folder' | 'zip' | 'file';
  /** The path as it was given. */
  readonly name: string;
  /** Ordered by path, each path once. */
  readonly files: readonly SourceFile[];
  /** What is wrong with the source itself. Entries that are not safe to read are here and not in `files`. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A diagnostic about a whole file or source, which has no better place than its start. */
export function aboutFile(
  file: string,
  severity: Severity,
  code: string,
  message: string,
  hint: string,
): Diagnostic {
  return diagnosticAt({ file, line: 1, column: 1 }, severity, code, message, hint);
}

/** The error of a file that cannot be read. */
export function unreadable(file: string, code: string, message: string, hint: string): never {
  throw new DeploymentError([aboutFile(file, 'error', code, message, hint)]);
}

export function byPath(one: SourceFile, other: SourceFile): number {
  return one.path < other.path ? -1 : one.path > other.path ? 1 : 0;
}

/** What finder and archiver of macOS leave behind; no part of any bundle. */
export function isDebris(path: string): boolean {
  return /(^|\/)(__MACOSX(\/|$)|\.DS_Store$|\._[^/]*$)/.test(path);
}
