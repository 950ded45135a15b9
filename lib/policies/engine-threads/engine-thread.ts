import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Answer, Broken } from './protocol.ts';

/** The stack of the thread itself, where an engine's functions return to; its overflow is noticed. */
const resourceLimits = { stackSizeMb: 8, maxOldGenerationSizeMb: 256 };

const noTime: Broken = { kind: 'broken', message: 'it took too long' };

/** One thread with an engine. It takes one request at a time, and never keeps the process alive. */
export class EngineThread<Request, Answered extends Answer> {
  readonly #worker: Worker;
  readonly #port: MessageChannel['port1'];
  readonly #answers = new Int32Array(new SharedArrayBuffer(4));
  #settle: ((answer: Answered | Broken) => void) | undefined;
  #ended = false;

  /** `body` is the URL of the module that runs in the thread, and calls `serve`. */
  constructor(body: URL) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#worker = startThread(body, { port: port2, answers: this.#answers });
    this.#worker.unref();
    port1.on('message', (answer: Answered | Broken) => this.#settle?.(answer));
    port1.unref();
    const fail = (reason: unknown): void => {
      this.#ended = true;
      this.#settle?.({ kind: 'broken', message: `its thread ended (${String(reason)})` });
    };
    this.#worker.on('error', fail);
    this.#worker.on('exit', fail);
  }

  /** Answers `broken` and ends the thread when the milliseconds are over. */
  async ask(request: Request, milliseconds: number): Promise<Answered | Broken> {
    this.#port.ref();
    let timer: NodeJS.Timeout | undefined;
    const answer = await new Promise<Answered | Broken>((resolve) => {
      this.#settle = resolve;
      timer = setTimeout(() => {
        resolve(noTime);
      }, milliseconds);
      if (this.#ended) resolve({ kind: 'broken', message: 'its thread has ended' });
      else this.#port.postMessage(request);
    });
    clearTimeout(timer);
    this.#settle = undefined;
    this.#port.unref();
    return answer;
  }

  /** As `ask`, but blocks: a deployment is told of errors before it is over. */
  askAndWait(request: Request, milliseconds: number): Answered | Broken {
    this.#port.postMessage(request);
    for (;;) {
      // Read before the port is: an answer that comes in between changes the count.
      const count = Atomics.load(this.#answers, 0);
      const received: { readonly message: Answered | Broken } | undefined = receiveMessageOnPort(
        this.#port,
      );
      if (received !== undefined) return received.message;
      if (Atomics.wait(this.#answers, 0, count, milliseconds) === 'timed-out') return noTime;
    }
  }

  async end(): Promise<void> {
    this.#port.close();
    await this.#worker.terminate();
  }
}

function startThread(
  body: URL,
  data: { readonly port: MessageChannel['port2']; readonly answers: Int32Array },
): Worker {
  const options = { workerData: data, transferList: [data.port], env: {}, resourceLimits };
  if (!body.pathname.endsWith('.ts')) return new Worker(body, options);
  // From source, as tests run it: threads of Node 20 do not inherit the loader that reads TypeScript.
  const start = `import('tsx/esm/api').then(({ register }) => (register(), import(${JSON.stringify(body.href)})))`;
  return new Worker(start, { ...options, eval: true });
}
