import type { Report } from '../../diagnostic/diagnostic.ts';
import type { OnUnresolved } from '../../template/template.ts';

/** What the extraction from a body needs to know of its policy. */
export interface PayloadContext {
  /** The policy's name. */
  readonly policy: string;
  readonly onUnresolved: OnUnresolved;
  readonly report: Report;
}
