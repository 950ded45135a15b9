import type { FlowValue } from '../message/flow-value.ts';

/** What one StatisticsCollector policy collected from one transaction. */
export interface CollectedStatistics {
  readonly policy: string;
  readonly proxy: string;
  readonly values: ReadonlyMap<string, FlowValue>;
}

/** Takes the values of StatisticsCollector policies. */
export interface Statistics {
  /** Must not wait; what it throws goes to the operator's log. */
  record(collected: CollectedStatistics): void;
}

/** What one DataCapture policy captured from one transaction. */
export interface CapturedData {
  readonly policy: string;
  readonly proxy: string;
  /** By data collector; null where nothing was found, which reports show as "Not set". */
  readonly values: ReadonlyMap<string, string | number | boolean | bigint | null>;
}

/** Takes the values of DataCapture policies. */
export interface DataCapture {
  /** Must not wait; what it throws goes to the operator's log. */
  capture(data: CapturedData): void;
}

/** Values nobody asked for: they are in the trace, and nowhere else. */
export const noStatistics: Statistics = { record: () => undefined };
export const noDataCapture: DataCapture = { capture: () => undefined };
