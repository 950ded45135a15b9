import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import type { Case } from '../suite/case.ts';
import { learnSecrets } from './learn-secrets.ts';
import type { RecordedExchange } from './recorded-exchange.ts';
import { foldRepeats } from './repeats.ts';
import { usualAnswers } from './usual-answers.ts';
import { Secrets } from './secrets.ts';
import { maskedAgain } from './masked-case.ts';
import { recordedCase, type RecordedCase } from './to-case.ts';

export interface RecordingOptions {
  /** The suite that is written. */
  readonly out: string;
  /** What the suite says of all cases. */
  readonly head: Readonly<Record<string, unknown>>;
  /** Further names of headers, parameters and members that are masked. */
  readonly mask: readonly string[];
  /** Secrets of this machine, such as a token from the command line. */
  readonly secrets: readonly string[];
}

/** Characters of all cases; what is longer cannot be read as a suite again. */
const longest = 48 * 1024 * 1024;

/** An earlier recording was cut off, and what it had is still there. */
export class UnfinishedRecordingError extends Error {
  override readonly name = 'UnfinishedRecordingError';
}

/**
 * A suite that grows. Until it is finished its cases are kept in a file beside it, `OUT.unfinished`, which
 * is a suite too: what was recorded is not lost with the process.
 */
export class Recording {
  readonly #options: RecordingOptions;
  readonly #journal: string;
  readonly #secrets: Secrets;
  readonly #recorded: RecordedCase[] = [];
  #length = 0;

  private constructor(options: RecordingOptions) {
    this.#options = options;
    this.#journal = `${options.out}.unfinished`;
    this.#secrets = new Secrets(options.mask);
    for (const secret of options.secrets) this.#secrets.learn(secret, 'made');
  }

  /**
   * @throws {UnfinishedRecordingError} when what an earlier one left would be lost
   * @throws {Error} of the system, when the file cannot be written
   */
  static async start(options: RecordingOptions): Promise<Recording> {
    const recording = new Recording(options);
    const text = `${stringify(options.head)}cases:\n`;
    try {
      // Never over an earlier one.
      await writeFile(recording.#journal, text, { flag: 'wx' });
    } catch (error) {
      const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      if (!isThere) throw error;
      const left = await readFile(recording.#journal, 'utf8');
      if (/^ *- name:/m.test(left)) {
        throw new UnfinishedRecordingError(
          `${recording.#journal} holds what a recording left that was cut off; rename or remove it`,
        );
      }
      await writeFile(recording.#journal, text);
    }
    return recording;
  }

  /** Requests that were written down. */
  get count(): number {
    return this.#recorded.length;
  }

  /**
   * Writes an exchange down.
   * @returns why that was not done, or undefined
   */
  async add(exchange: RecordedExchange): Promise<string | undefined> {
    const why = whyUnwritable(exchange);
    if (why !== undefined) return why;
    learnSecrets(exchange, this.#secrets);
    // Played again it has another host, so nothing can be expected that names this one.
    const [, host = ''] = exchange.request.headers.find(([name]) => /^host$/i.test(name)) ?? [];
    this.#secrets.learn(host, 'made');
    const recorded = recordedCase(exchange, this.#secrets);
    const text = stringify([this.#named(recorded.case)], writing);
    if (this.#length + text.length > longest) return 'the recording is as long as a suite can be';
    this.#length += text.length;
    this.#recorded.push(recorded);
    await appendFile(this.#journal, text.replace(/^(?=.)/gm, '  '));
    return undefined;
  }

  /**
   * Writes the suite, its repeats folded into one case each.
   * @returns the number of its cases
   */
  async finish(): Promise<number> {
    // Secrets that were met later may stand in earlier cases.
    const cases = foldRepeats(this.#recorded).map((one) => maskedAgain(one, this.#secrets));
    const upstreams = usualAnswers(cases);
    const text = stringify({ ...this.#options.head, upstreams, cases }, writing);
    await writeFile(`${this.#journal}.suite`, text);
    await rename(`${this.#journal}.suite`, this.#options.out);
    await rm(this.#journal, { force: true });
    return cases.length;
  }

  /** Removes what is beside the suite, if nothing was recorded. */
  async abandon(): Promise<void> {
    if (this.count === 0) await rm(this.#journal, { force: true });
  }

  #named(one: Case): Case {
    return { ...one, name: `${one.name} (recorded ${this.count + 1})` };
  }
}

const writing = { lineWidth: 0, aliasDuplicateObjects: false, singleQuote: true } as const;

/** What a file of cases has no words for. */
function whyUnwritable({ request, response, calls }: RecordedExchange): string | undefined {
  if (!request.target.startsWith('/')) return `a request for ${request.target}`;
  if (!/^[A-Za-z][A-Za-z-]*$/.test(request.method)) return `the method ${request.method}`;
  const statuses = [
    response.status,
    ...calls.flatMap(({ answer }) => (answer.kind === 'answered' ? [answer.status] : [])),
  ];
  const strange = statuses.find((status) => status < 100 || status > 599);
  return strange === undefined ? undefined : `the status ${strange}`;
}

/** A path as a suite names it: seen from the folder that it stands in. */
export function seenFrom(out: string, target: string): string {
  const relative = path.relative(path.dirname(path.resolve(out)), path.resolve(target));
  const text = relative.split(path.sep).join('/');
  return text.startsWith('.') ? text : `./${text}`;
}
