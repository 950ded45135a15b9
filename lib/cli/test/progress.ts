import type { CaseResult } from '../../verification/play/run-case.ts';
import type { Streams } from '../terminal/streams.ts';

/** Milliseconds between two drawings. */
const pace = 50;

/** How far a run has come, on one line of a terminal that is gone afterwards. */
export class Progress {
  readonly #streams: Streams;
  readonly #total: number;
  #done = 0;
  #failed = 0;
  #drawnAt = -Infinity;

  constructor(total: number, streams: Streams) {
    this.#total = total;
    this.#streams = streams;
  }

  readonly note = ({ outcome }: CaseResult): void => {
    this.#done += 1;
    if (outcome !== 'passed' && outcome !== 'skipped') this.#failed += 1;
    if (this.#streams.progress === 'none' || performance.now() - this.#drawnAt < pace) return;
    this.#drawnAt = performance.now();
    const failed = this.#failed === 0 ? '' : `, ${this.#failed} failed`;
    this.#streams.stderr.write(`\r\x1b[K${this.#done}/${this.#total} cases${failed}`);
  };

  end(): void {
    if (this.#drawnAt > -Infinity) this.#streams.stderr.write('\r\x1b[K');
  }
}
