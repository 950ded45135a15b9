import { appendFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../host/clock.ts';
import type { FileRotation } from './message-log.ts';

/** A file of log lines that is put aside when it is too long or too old: NAME.1 is the newest of those. */
export class LogFile {
  readonly #file: string;
  readonly #rotation: FileRotation;
  readonly #clock: Clock;
  #open: { size: number; since: number } | undefined;

  constructor(file: string, rotation: FileRotation, clock: Clock) {
    this.#file = file;
    this.#rotation = rotation;
    this.#clock = clock;
  }

  /** Appends whole lines, each with its line feed. */
  async append(lines: readonly string[]): Promise<void> {
    let text = '';
    let size = 0;
    const flush = async (): Promise<void> => {
      if (text === '') return;
      await appendFile(this.#file, text);
      text = '';
    };
    const open = (this.#open ??= await this.#begin());
    for (const line of lines) {
      size = Buffer.byteLength(line);
      if (this.#isDue(open, size)) {
        await flush();
        await this.#rotate();
        open.size = 0;
        open.since = this.#clock.now();
      }
      text += line;
      open.size += size;
    }
    await flush();
  }

  async #begin(): Promise<{ size: number; since: number }> {
    await mkdir(path.dirname(this.#file), { recursive: true });
    const before = await stat(this.#file).catch(() => undefined);
    const now = this.#clock.now();
    if (before === undefined || before.size === 0) return { size: 0, since: now };
    if (this.#rotation.atStart === 'rotate') {
      await this.#rotate();
      return { size: 0, since: now };
    }
    return { size: before.size, since: now };
  }

  #isDue(open: { readonly size: number; readonly since: number }, more: number): boolean {
    const { size, period } = this.#rotation;
    // An empty file takes a line of any length.
    if (open.size === 0) return false;
    if (size !== undefined && open.size + more > size) return true;
    return period !== undefined && this.#clock.now() - open.since >= period;
  }

  async #rotate(): Promise<void> {
    const { retained } = this.#rotation;
    await rm(`${this.#file}.${retained}`, { force: true });
    for (let nth = retained - 1; nth >= 1; nth -= 1) {
      await renameIfThere(`${this.#file}.${nth}`, `${this.#file}.${nth + 1}`);
    }
    if (retained > 0) await renameIfThere(this.#file, `${this.#file}.1`);
    else await rm(this.#file, { force: true });
  }
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
