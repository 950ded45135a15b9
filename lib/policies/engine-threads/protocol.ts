import type { MessagePort } from 'node:worker_threads';

/** The thread is of no use any more: its time is over, or its stack or memory is exhausted. */
export interface Broken {
  readonly kind: 'broken';
  readonly message: string;
}

/** What every answer of an engine says. Only plain data crosses between threads. */
export interface Answer {
  readonly kind: string;
  /** The thread has grown large, and should not be kept. */
  readonly isLarge: boolean;
}

/** What a thread is started with. */
export interface ThreadData {
  readonly port: MessagePort;
  /** Counts answers, so that the main thread can wait for one without its event loop. */
  readonly answers: Int32Array;
}
