import { EngineThread } from './engine-thread.ts';
import type { Answer, Broken } from './protocol.ts';

const mostThreads = 2;
/** A request that takes longer is given up, in milliseconds. */
const timeLimit = 5_000;
/** For starting a thread and compiling what it is given, in milliseconds. */
const checkTimeLimit = 10_000;

/** Threads with one kind of engine. They are started when a first request comes, and serve all of the process. */
export class EnginePool<Request, Answered extends Answer> {
  readonly #body: URL;
  readonly #idle: EngineThread<Request, Answered>[] = [];
  readonly #waiting: ((thread: EngineThread<Request, Answered>) => void)[] = [];
  #started = 0;

  /** `body` is the URL of the module that runs in each thread. */
  constructor(body: URL) {
    this.#body = body;
  }

  /** Requests wait their turn; a thread that fails is replaced by a new one. */
  async ask(request: Request): Promise<Answered | Broken> {
    const thread = await this.#idleThread();
    const answer = await thread.ask(request, timeLimit);
    this.#release(thread, answer);
    return answer;
  }

  /** As `ask`, but blocks until there is an answer. */
  askAndWait(request: Request): Answered | Broken {
    // Where all threads are busy one more is started: none of them can be waited for.
    const thread = this.#idle.pop() ?? this.#start();
    const answer = thread.askAndWait(request, checkTimeLimit);
    this.#release(thread, answer);
    return answer;
  }

  #start(): EngineThread<Request, Answered> {
    this.#started += 1;
    return new EngineThread(this.#body);
  }

  async #idleThread(): Promise<EngineThread<Request, Answered>> {
    const thread = this.#idle.pop();
    if (thread !== undefined) return thread;
    if (this.#started < mostThreads) return this.#start();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #release(thread: EngineThread<Request, Answered>, answer: Answered | Broken): void {
    const isSpent = isBroken(answer) || answer.isLarge || this.#started > mostThreads;
    if (isSpent) {
      this.#started -= 1;
      void thread.end();
    }
    const next = this.#waiting.shift();
    if (next !== undefined) next(isSpent ? this.#start() : thread);
    else if (!isSpent) this.#idle.push(thread);
  }
}

export function isBroken(answer: Answer | Broken): answer is Broken {
  return answer.kind === 'broken';
}
