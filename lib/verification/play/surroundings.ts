import { fixedTokenProvider } from '../../connection/google-tokens.ts';
import type { Environment } from '../../host/environment.ts';
import type { Log } from '../../host/log.ts';
import type { RuntimeOptions } from '../../runtime/runtime.ts';
import type { Coverage } from '../coverage/coverage.ts';
import { AnswerBook } from '../doubles/answers.ts';
import { createInProcessTransport } from '../doubles/in-process-transport.ts';
import type { PolicyDoubles } from '../doubles/policy-doubles.ts';
import { VirtualClock } from '../doubles/virtual-clock.ts';
import type { ObservedCall } from '../matching/compare-message.ts';
import type { Setting } from '../suite/case.ts';
import type { LogEntry } from './observation.ts';
import { seededRandom } from './seeded-random.ts';

/** The world that one case runs in, and what it saw of the case. */
export interface Surroundings {
  readonly options: RuntimeOptions;
  /** Lets so many milliseconds pass. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly calls: readonly ObservedCall[];
  readonly unexpected: readonly ObservedCall[];
  readonly log: readonly LogEntry[];
  /** Told what is reached. */
  readonly coverage?: Coverage | undefined;
}

/** What a case does not say of its surroundings. */
export interface BesideCase {
  readonly coverage?: Coverage | undefined;
  /** Answers for policies by name, before those of origins. */
  readonly doubles?: PolicyDoubles | undefined;
}

const defaultNow = '2026-01-01T00:00:00Z';

/** Everything virtual: clock, chance, upstreams. No socket is opened. */
export function virtualSurroundings(
  setting: Setting,
  environment: Environment,
  { coverage, doubles }: BesideCase = {},
): Surroundings {
  const clock = new VirtualClock(Date.parse(setting.now ?? defaultNow));
  const calls: ObservedCall[] = [];
  const unexpected: ObservedCall[] = [];
  const log: LogEntry[] = [];
  const transport = createInProcessTransport({
    book: new AnswerBook(setting.upstreams ?? {}),
    doubles,
    clock,
    onCall: (call) => calls.push(call),
    onUnexpected: (call) => unexpected.push(call),
  });
  return {
    options: {
      environment,
      clock,
      random: seededRandom(setting.seed ?? 1),
      transport,
      tokens: fixedTokenProvider('token'),
      log: keeping(log),
    },
    sleep: (milliseconds) => clock.sleep(milliseconds),
    calls,
    unexpected,
    log,
    coverage,
  };
}

function keeping(entries: LogEntry[]): Log {
  return {
    warn: (details, message) => entries.push({ level: 'warn', details, message }),
    error: (details, message) => entries.push({ level: 'error', details, message }),
  };
}
