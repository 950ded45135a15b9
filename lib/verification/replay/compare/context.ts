import type { StandIns } from '../revision.ts';
import { rebased } from '../play/rebuilt-request.ts';

/** What a comparison has to know besides the two accounts. */
export interface ComparisonContext {
  readonly recordedBasePath: string;
  readonly basePath: string;
  /** Whether somebody said which environment the bundle runs in. */
  readonly environment: 'given' | 'taken from the session';
  /** Steps that did what the recording says instead of running. */
  readonly standIns: StandIns;
}

/** Whether two texts differ by the base path only. */
export function differByBasePath(
  recorded: string,
  replayed: string,
  { recordedBasePath, basePath }: ComparisonContext,
): boolean {
  if (recordedBasePath === basePath || recordedBasePath.length < 2) return false;
  if (rebased(recorded, recordedBasePath, basePath) === replayed) return true;
  // Within a URL.
  return recorded.replace(recordedBasePath, basePath === '/' ? '' : basePath) === replayed;
}
