import type { Clock, Timer } from '../host/clock.ts';
import { TransportError } from './transport.ts';

/** @throws {TransportError} of kind `aborted` when no time is left */
export function millisecondsUntil(clock: Clock, deadline: number | undefined): number {
  if (deadline === undefined) return unlimited;
  const left = Math.ceil((deadline - clock.nanoseconds()) / 1e6);
  if (left > 0) return left;
  throw new TransportError('aborted', 'The time for the whole call has passed');
}

/** Waits for what a request is made of, but no longer than the whole call may take. */
export async function byDeadline<T>(
  pending: Promise<T>,
  clock: Clock,
  deadline: number | undefined,
): Promise<T> {
  if (deadline === undefined) return pending;
  let timer: Timer | undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    timer = clock.after(millisecondsUntil(clock, deadline), () => {
      reject(
        new TransportError('aborted', 'The time for the whole call passed before it was sent'),
      );
    });
  });
  try {
    return await Promise.race([pending, expired]);
  } finally {
    timer?.cancel();
  }
}

/** A limit of 0 means none. */
export const unlimited = 0;
