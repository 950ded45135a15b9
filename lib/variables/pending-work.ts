/** Work that is under way until somebody waits for it. */
export class PendingWork {
  #waits: (() => Promise<void>)[] = [];

  add(work: Promise<void>, failed: (error: unknown) => void): void {
    // Told when somebody waits; until then nobody listens.
    work.catch(() => undefined);
    this.#waits.push(() => work.catch(failed));
  }

  /**
   * Undefined if nothing is to be waited for. Failures are told one at a time, in the order in which the
   * work was added, and none after one that throws.
   */
  settled(): Promise<void> | undefined {
    return this.#waits.length === 0 ? undefined : this.#settle();
  }

  /** Forgets all of it; what is under way goes on alone. */
  abandon(): void {
    this.#waits = [];
  }

  async #settle(): Promise<void> {
    for (let wait = this.#waits.shift(); wait !== undefined; wait = this.#waits.shift()) {
      await wait();
    }
  }
}
