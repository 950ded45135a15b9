import type { FlowValue } from '../message/flow-value.ts';
import type { WriteOutcome } from '../variables/flow-variables.ts';
import type { AccessObserver } from '../variables/observed-variables.ts';
import { recordedText, recordedValue } from './recorded-text.ts';
import type { Access } from './transaction-record.ts';

const longestName = 1_024;

/** Collects reads and writes until somebody takes them for the point they belong to. */
export class AccessLog implements AccessObserver {
  /** Reads and writes that were more than are kept. */
  omitted = 0;
  #left: number;
  #charactersLeft: number;
  #waiting: Access[] = [];
  #isOpen = true;

  constructor(most: { readonly accesses: number; readonly characters: number }) {
    this.#left = most.accesses;
    this.#charactersLeft = most.characters;
  }

  readVariable(name: string, value: FlowValue): void {
    if (!this.#takesOne()) return;
    this.#add({ kind: 'get', name: nameOf(name), value: recordedValue(name, value) });
  }

  wroteVariable(name: string, value: FlowValue, outcome: WriteOutcome): void {
    if (!this.#takesOne()) return;
    const text = recordedValue(name, value);
    this.#add(
      text === undefined
        ? { kind: 'remove', name: nameOf(name), outcome }
        : { kind: 'set', name: nameOf(name), value: text, outcome },
    );
  }

  /** What was read and written since this was last asked. */
  take(): Access[] {
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }

  /** Runs what reads for the record only. */
  withoutLogging<Result>(run: () => Result): Result {
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    try {
      return run();
    } finally {
      this.#isOpen = wasOpen;
    }
  }

  #takesOne(): boolean {
    if (!this.#isOpen) return false;
    if (this.#left > 0 && this.#charactersLeft > 0) return true;
    this.omitted++;
    return false;
  }

  #add(access: Access): void {
    this.#left--;
    const valueLength = access.kind === 'remove' ? 0 : (access.value?.length ?? 0);
    this.#charactersLeft -= access.name.length + valueLength;
    this.#waiting.push(access);
  }
}

/** Names come from hostile payloads too, and may hold what looks like a secret. */
function nameOf(name: string): string {
  return recordedText(name, longestName);
}
