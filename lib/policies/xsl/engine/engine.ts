import { EngineThread } from './engine-thread.ts';
import type { EngineAnswer, EngineRequest } from './protocol.ts';

const mostThreads = 2;
/** A transformation that runs longer is given up, in milliseconds. */
const timeLimit = 5_000;
/** For starting a thread and compiling a stylesheet, in milliseconds. */
const checkTimeLimit = 10_000;

/** Threads are started when a first stylesheet asks for one, and serve all of the process. */
const idle: EngineThread[] = [];
let started = 0;
/** A bundle is often compiled more than once: to check it, to deploy it, for each environment. */
const checked = new Map<string, EngineAnswer>();
const mostChecked = 200;
const waiting: ((thread: EngineThread) => void)[] = [];

/** Transforms a document. Requests wait their turn; a thread that fails is replaced by a new one. */
export async function transform(
  stylesheet: string,
  document: string,
  parameters: readonly string[],
): Promise<EngineAnswer> {
  const thread = await idleThread();
  const request: EngineRequest = { kind: 'transform', stylesheet, document, parameters };
  const answer = await thread.ask(request, timeLimit);
  release(thread, answer);
  return answer;
}

/** Compiles a stylesheet to see whether it can be; blocks until that is known. */
export function checkStylesheet(stylesheet: string): EngineAnswer {
  const known = checked.get(stylesheet);
  if (known !== undefined) return known;
  // Where all threads are busy one more is started: none of them can be waited for.
  const thread = idle.pop() ?? startedThread();
  const answer = thread.askAndWait({ kind: 'check', stylesheet }, checkTimeLimit);
  release(thread, answer);
  if (answer.kind !== 'broken') {
    if (checked.size >= mostChecked) checked.clear();
    checked.set(stylesheet, answer);
  }
  return answer;
}

function startedThread(): EngineThread {
  started += 1;
  return new EngineThread();
}

async function idleThread(): Promise<EngineThread> {
  const thread = idle.pop();
  if (thread !== undefined) return thread;
  if (started < mostThreads) return startedThread();
  return new Promise((resolve) => waiting.push(resolve));
}

function release(thread: EngineThread, answer: EngineAnswer): void {
  const isSpent =
    answer.kind === 'broken' || (answer.kind === 'done' && answer.isLarge) || started > mostThreads;
  if (isSpent) {
    started -= 1;
    void thread.end();
  }
  const next = waiting.shift();
  if (next !== undefined) next(isSpent ? startedThread() : thread);
  else if (!isSpent) idle.push(thread);
}
