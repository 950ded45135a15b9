import type { Clock, Timer } from '../host/clock.ts';
import type { Connection } from './connection.ts';

/**
 * Connections that wait for their next request, by route. The most recently used one is taken
 * first; each is closed when its time is over, and the longest unused one when there are too many.
 */
export class IdleConnections {
  private readonly clock: Clock;
  private readonly most: number;
  private readonly byRoute = new Map<string, Connection[]>();
  /** In the order in which they became idle. */
  private readonly all = new Set<Connection>();
  private sweep: Timer | undefined;

  constructor(clock: Clock, most: number) {
    this.clock = clock;
    this.most = most;
  }

  get size(): number {
    return this.all.size;
  }

  /** @param now nanoseconds of the clock */
  take(key: string, now: number): Connection | undefined {
    const waiting = this.byRoute.get(key);
    for (let connection = waiting?.pop(); connection !== undefined; connection = waiting?.pop()) {
      this.all.delete(connection);
      if (waiting?.length === 0) this.byRoute.delete(key);
      connection.onClose = undefined;
      if (connection.isOpen && connection.expiry > now) return connection;
      connection.destroy();
    }
    return undefined;
  }

  /** @param keepAlive milliseconds that the connection may wait */
  give(key: string, connection: Connection, keepAlive: number): void {
    if (!connection.isOpen || keepAlive <= 0 || this.most === 0) {
      connection.destroy();
      return;
    }
    connection.expiry = this.clock.nanoseconds() + keepAlive * 1e6;
    connection.onClose = () => {
      this.remove(key, connection);
    };
    const waiting = this.byRoute.get(key);
    if (waiting === undefined) this.byRoute.set(key, [connection]);
    else waiting.push(connection);
    this.all.add(connection);
    if (this.all.size > this.most) {
      const [oldest] = this.all;
      oldest?.onClose?.();
    }
    this.sweep ??= this.clock.after(keepAlive, () => {
      this.closeExpired();
    });
  }

  closeAll(): void {
    this.sweep?.cancel();
    this.sweep = undefined;
    for (const connection of this.all) connection.onClose?.();
  }

  private remove(key: string, connection: Connection): void {
    connection.onClose = undefined;
    this.all.delete(connection);
    const rest = this.byRoute.get(key)?.filter((other) => other !== connection) ?? [];
    if (rest.length === 0) this.byRoute.delete(key);
    else this.byRoute.set(key, rest);
    connection.destroy();
  }

  private closeExpired(): void {
    this.sweep = undefined;
    const now = this.clock.nanoseconds();
    let next = Infinity;
    for (const connection of this.all) {
      // A timer may fire a fraction of a millisecond early.
      if (connection.expiry - now < 1e6) connection.onClose?.();
      else next = Math.min(next, connection.expiry);
    }
    if (next === Infinity) return;
    this.sweep = this.clock.after(Math.ceil((next - now) / 1e6), () => {
      this.closeExpired();
    });
  }
}
