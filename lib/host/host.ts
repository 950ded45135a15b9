import { systemClock, type Clock } from './clock.ts';
import { emptyEnvironment, type Environment } from './environment.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { silentLog, type Log } from './log.ts';
import { secureRandom, type Random } from './random.ts';

/** The outside world, as everything inside the interpreter sees it. */
export interface Host {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly limits: Limits;
  readonly environment: Environment;
}

export const defaultHost: Host = {
  clock: systemClock,
  random: secureRandom,
  log: silentLog,
  limits: defaultLimits,
  environment: emptyEnvironment,
};
