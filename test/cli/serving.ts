import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
export const bundles = path.join(root, 'fixtures/bundles');

/** `apx serve` in a process of its own. */
export class Serving {
  stdout = '';
  stderr = '';
  readonly exit: Promise<number | null>;
  readonly #child: ChildProcess;
  #wake: (() => void)[] = [];
  #ended = false;

  constructor(...args: readonly string[]) {
    this.#child = spawn(
      process.execPath,
      ['--import', 'tsx', 'lib/cli/apx.ts', 'serve', '--port', '0', ...args],
      { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
      this.#wakeAll();
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
      this.#wakeAll();
    });
    this.exit = new Promise((resolve) => {
      this.#child.once('close', (code) => {
        this.#ended = true;
        this.#wakeAll();
        resolve(code);
      });
    });
  }

  /** What a pattern's group matches, once the output does. */
  async said(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
      if (found !== null) return found[1] ?? '';
      if (this.#ended) throw new Error(`${String(pattern)} not in ${this.stdout}${this.stderr}`);
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  url(): Promise<string> {
    return this.said(/^listening on (http:\/\/\S+)\n/m);
  }

  signal(name: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): void {
    this.#child.kill(name);
  }

  #wakeAll(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const resolve of wake) resolve();
  }
}

export async function whileServing(
  args: readonly string[],
  use: (serving: Serving, url: string) => Promise<void>,
): Promise<void> {
  const serving = new Serving(...args);
  try {
    await use(serving, await serving.url());
  } finally {
    serving.signal('SIGKILL');
    await serving.exit;
  }
}
