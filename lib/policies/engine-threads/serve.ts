import { workerData } from 'node:worker_threads';
import type { Answer, Broken, ThreadData } from './protocol.ts';

/**
 * Answers the requests that come to this thread, one after the other. Called once, at the end of the
 * thread's body. What `answerTo` throws breaks the thread.
 */
export function serve(answerTo: (request: unknown) => Answer | Broken): void {
  const { port, answers } = workerData as ThreadData;
  port.on('message', (request: unknown) => {
    port.postMessage(answered(() => answerTo(request)));
    Atomics.add(answers, 0, 1);
    Atomics.notify(answers, 0);
  });
}

function answered(answer: () => Answer | Broken): Answer | Broken {
  try {
    return answer();
  } catch (error) {
    return { kind: 'broken', message: String(error) };
  }
}
