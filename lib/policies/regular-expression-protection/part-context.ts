import type { Report } from '../../diagnostic/diagnostic.ts';

/** What the parts of a policy need to know of it. */
export interface PartContext {
  /** The policy's name. */
  readonly policy: string;
  readonly unresolved: 'ignored' | 'fault';
  readonly report: Report;
}
