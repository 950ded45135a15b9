import { TransactionRecorder, type RecordLimits } from '../../../trace/transaction-recorder.ts';
import type { RunningStep, Step } from '../../../trace/recorder.ts';
import type { TransactionRecord } from '../../../trace/transaction-record.ts';
import type { Flow } from '../../../variables/flow.ts';
import { sessionLimits } from '../session/limits.ts';
import type { Caller } from './recorded-answers.ts';

/** Recordings hold bodies of any size, and have to be compared whole. */
const limits: RecordLimits = {
  body: sessionLimits.transaction,
  bodies: 8 * sessionLimits.transaction,
  points: 2 * sessionLimits.points,
  accesses: 500_000,
  accessCharacters: sessionLimits.transaction,
};

/** Records a replayed transaction, and knows on whose behalf a call is made. */
export class ReplayRecorder extends TransactionRecorder {
  readonly #running: string[] = [];

  constructor(keep: (record: TransactionRecord, flow: Flow) => void) {
    super(keep, limits);
  }

  get caller(): Caller {
    const step = this.#running.at(-1);
    return step === undefined ? 'target' : { step };
  }

  override startedStep(flow: Flow, step: Step): RunningStep {
    const running = super.startedStep(flow, step);
    this.#running.push(step.name);
    return {
      waits: () => {
        running.waits();
      },
      ended: (fault) => {
        this.#running.pop();
        running.ended(fault);
      },
    };
  }
}
