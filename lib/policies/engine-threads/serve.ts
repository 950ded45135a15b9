import { workerData } from 'node:worker_threads';
import type { Answer, Broken, ThreadData } from './protocol.ts';

/**
 * Answers the requests that come to this thread, one after the other. Called once, at the end of the
 * thread's body. What `answerTo` throws breaks the thread.
 */
export function serve<Request>(answerTo: (request: Request) => Answer | Broken): void {
  const { port, answers } = workerData as ThreadData;
  port.on('message', (request: Request) => {
    port.postMessage(answered(answerTo, request));
    Atomics.add(answers, 0, 1);
    Atomics.notify(answers, 0);
  });
}

function answered<Request>(
  answerTo: (request: Request) => Answer | Broken,
  request: Request,
): Answer | Broken {
  try {
    return answerTo(request);
  } catch (error) {
    return { kind: 'broken', message: String(error) };
  }
}
