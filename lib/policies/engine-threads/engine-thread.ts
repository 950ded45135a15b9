import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { EngineAnswer, EngineRequest } from './protocol.ts';

/** The stack of the thread itself, where the engine's functions return to; its overflow is noticed. */
const resourceLimits = { stackSizeMb: 8, maxOldGenerationSizeMb: 256 };

const noTime: EngineAnswer = { kind: 'broken', message: 'it took too long' };

/** One thread with an engine. It takes one request at a time, and never keeps the process alive. */
export class EngineThread {
  readonly #worker: Worker;
  readonly #port: MessageChannel['port1'];
  readonly #answers = new Int32Array(new SharedArrayBuffer(4));
  #settle: ((answer: EngineAnswer) => void) | undefined;
  #ended = false;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#worker = startThread({ port: port2, answers: this.#answers });
    this.#worker.unref();
    port1.on('message', (answer: EngineAnswer) => this.#settle?.(answer));
    port1.unref();
    const fail = (reason: unknown): void => {
      this.#ended = true;
      this.#settle?.({ kind: 'broken', message: `its thread ended (${String(reason)})` });
    };
    this.#worker.on('error', fail);
    this.#worker.on('exit', fail);
  }

  /** Answers `broken` and ends the thread when the milliseconds are over. */
  async ask(request: EngineRequest, milliseconds: number): Promise<EngineAnswer> {
    this.#port.ref();
    let timer: NodeJS.Timeout | undefined;
    const answer = await new Promise<EngineAnswer>((resolve) => {
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
  askAndWait(request: EngineRequest, milliseconds: number): EngineAnswer {
    this.#port.postMessage(request);
    for (;;) {
      // Read before the port is: an answer that comes in between changes the count.
      const count = Atomics.load(this.#answers, 0);
      const received: { readonly message: EngineAnswer } | undefined = receiveMessageOnPort(
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

function startThread(data: {
  readonly port: MessageChannel['port2'];
  readonly answers: Int32Array;
}): Worker {
  const here = import.meta.url;
  const options = { workerData: data, transferList: [data.port], env: {}, resourceLimits };
  if (!here.endsWith('.ts')) return new Worker(new URL('./thread.js', here), options);
  // From source, as tests run it: threads of Node 20 do not inherit the loader that reads TypeScript.
  const body = JSON.stringify(new URL('./thread.ts', here).href);
  const start = `import('tsx/esm/api').then(({ register }) => (register(), import(${body})))`;
  return new Worker(start, { ...options, eval: true });
}
