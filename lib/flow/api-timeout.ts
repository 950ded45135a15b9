import type { ProxyTransaction } from './proxy-transaction.ts';
import { apiTimedOut } from './target-faults.ts';

/**
 * Ends a transaction whose `api.timeout` has passed.
 * @throws {Fault} APITimedOut
 */
export function checkTime({ deadline, host }: ProxyTransaction): void {
  if (deadline !== undefined && host.clock.nanoseconds() >= deadline) throw apiTimedOut();
}
