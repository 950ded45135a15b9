import type { RecorderFor } from './recorder.ts';
import type { TransactionRecord } from './transaction-record.ts';
import { TransactionRecorder } from './transaction-recorder.ts';

/** The records of the last transactions, in memory. */
export interface MemoryTraces {
  readonly recorderFor: RecorderFor;
  /** In the order in which the transactions ended, the last one last. */
  records(): readonly TransactionRecord[];
  clear(): void;
}

/** Keeps the records of the last `limit` transactions that ended. */
export function memoryTraces(limit = 100): MemoryTraces {
  let records: readonly TransactionRecord[] = [];
  return {
    recorderFor: () =>
      new TransactionRecorder((record) => {
        records = [...records, record].slice(-limit);
      }),
    records: () => records,
    clear() {
      records = [];
    },
  };
}
