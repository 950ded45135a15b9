import path from 'node:path';
import { isIP } from 'node:net';
import {
  egressGuard,
  forbidden,
  guardedLookup,
  platformLookup,
  type EgressPolicy,
} from '../connection/egress.ts';
import type { TokenProvider } from '../connection/google-tokens.ts';
import type { TlsSettings, Transport } from '../connection/transport.ts';
import type { Host } from '../host/host.ts';
import { cloudLogEntry, writeToCloudLogging } from './cloud-logging.ts';
import { LogFile } from './log-file.ts';
import type {
  FileDestination,
  LogDestination,
  MessageLog,
  MessageLogEntry,
  SyslogDestination,
} from './message-log.ts';
import { oneLine } from './one-line.ts';
import { Outlet, Undeliverable } from './outlet.ts';
import { datagramWire } from './syslog/datagrams.ts';
import { syslogFrame } from './syslog/frame.ts';
import { streamWire } from './syslog/stream.ts';
import type { SyslogWire } from './syslog/wire.ts';

export interface DeliveryOptions {
  readonly host: Pick<Host, 'clock' | 'log' | 'random'>;
  readonly transport: Transport;
  readonly tokens: TokenProvider;
  /** Where syslog servers may be; anywhere unless given. */
  readonly egress?: EgressPolicy | undefined;
  /** Where the files of policies with `File` are. */
  readonly directory: string;
}

/** One destination with all that is open for it. */
interface Way {
  put(entry: MessageLogEntry): void;
  readonly isIdle: boolean;
  close(): Promise<void>;
}

/** Destinations that are open at once; a templated host must not open sockets without end. */
const mostWays = 64;

/**
 * Brings entries to where their policies say: syslog servers over UDP, TCP and TLS, Cloud Logging, files.
 * Each destination has a bounded queue of its own, so that none that is slow or dead holds up a request
 * or another destination.
 */
export function createMessageDelivery(options: DeliveryOptions): MessageLog {
  const { log, random } = options.host;
  const ways = new Map<string, Way>();
  const hostName = random.uuid();
  const keys = new DestinationKeys();
  let refused = 0;

  const open = (destination: LogDestination): Way => {
    switch (destination.kind) {
      case 'syslog':
        return syslogWay(destination, options, hostName);
      case 'cloud-logging':
        return cloudWay(options);
      case 'file':
        return fileWay(destination, options);
    }
  };
  const makeRoom = (): boolean => {
    if (ways.size < mostWays) return true;
    for (const [key, way] of ways) {
      if (!way.isIdle) continue;
      ways.delete(key);
      void way.close();
      return true;
    }
    return false;
  };

  return {
    write(entry) {
      const key = keys.of(entry.destination);
      let way = ways.get(key);
      if (way === undefined) {
        if (!makeRoom()) {
          refused += 1;
          if (refused === 1)
            log.warn({ policy: entry.policy }, 'Too many log destinations at once');
          return;
        }
        way = open(entry.destination);
      } else {
        ways.delete(key);
      }
      // The one that was used last is the last to make room.
      ways.set(key, way);
      way.put(entry);
    },
    async close() {
      if (refused > 0) log.warn({ dropped: refused }, 'Log messages were dropped');
      await Promise.all([...ways.values()].map((way) => way.close()));
      ways.clear();
    },
  };
}

/** Tells destinations apart. */
class DestinationKeys {
  readonly #settings = new WeakMap<TlsSettings, number>();
  #count = 0;

  of(destination: LogDestination): string {
    switch (destination.kind) {
      case 'syslog': {
        const { host, port, protocol, tls } = destination;
        return JSON.stringify(['syslog', host, port, protocol, this.#numberOf(tls)]);
      }
      case 'cloud-logging':
        return 'cloud-logging';
      case 'file':
        return JSON.stringify(['file', destination.fileName]);
    }
  }

  #numberOf(settings: TlsSettings | undefined): number {
    if (settings === undefined) return 0;
    const known = this.#settings.get(settings);
    if (known !== undefined) return known;
    this.#count += 1;
    this.#settings.set(settings, this.#count);
    return this.#count;
  }
}

function syslogWay(
  destination: SyslogDestination,
  { host: { clock, log }, egress = 'any' }: DeliveryOptions,
  hostName: string,
): Way {
  const { host, port, protocol, tls } = destination;
  const guard = egressGuard(egress);
  const lookup = guardedLookup(guard, platformLookup);
  let wire: SyslogWire | undefined;
  const outlet = new Outlet<Uint8Array>({
    name: `syslog ${tls === undefined ? protocol.toLowerCase() : 'tls'}://${host}:${port}`,
    clock,
    log,
    batch: 100,
    sizeOf: (frame) => frame.byteLength,
    async deliver(frames, signal) {
      // Names are checked when they are looked up.
      if (isIP(host) !== 0 && !guard.permitsHost(host)) {
        throw new Undeliverable(forbidden(host).message);
      }
      wire ??=
        protocol === 'UDP' && tls === undefined
          ? datagramWire({ host, port }, lookup)
          : streamWire({ host, port, tls }, lookup);
      await wire.send(frames, signal);
    },
  });
  return {
    put(entry) {
      if (entry.destination.kind !== 'syslog') return;
      outlet.put(syslogFrame(entry, entry.destination, hostName));
    },
    get isIdle() {
      return outlet.isIdle;
    },
    async close() {
      await outlet.close();
      wire?.close();
    },
  };
}

function cloudWay({ host: { clock, log }, transport, tokens }: DeliveryOptions): Way {
  const outlet = new Outlet<{ readonly entry: Readonly<Record<string, unknown>>; size: number }>({
    name: 'Cloud Logging',
    clock,
    log,
    batch: 200,
    sizeOf: ({ size }) => size,
    deliver: (items, signal) =>
      writeToCloudLogging(
        items.map(({ entry }) => entry),
        { transport, tokens },
        signal,
      ),
  });
  return {
    put(logged) {
      if (logged.destination.kind !== 'cloud-logging') return;
      const entry = cloudLogEntry(logged, logged.destination);
      outlet.put({ entry, size: JSON.stringify(entry).length });
    },
    get isIdle() {
      return outlet.isIdle;
    },
    close: () => outlet.close(),
  };
}

function fileWay(
  { fileName, rotation }: FileDestination,
  { host: { clock, log }, directory }: DeliveryOptions,
): Way {
  const name = plainFileName(fileName);
  const file =
    name === undefined ? undefined : new LogFile(path.join(directory, name), rotation, clock);
  const outlet = new Outlet<string>({
    name: `file ${fileName}`,
    clock,
    log,
    batch: 1_000,
    sizeOf: (line) => Buffer.byteLength(line),
    async deliver(lines) {
      if (file === undefined) throw new Undeliverable(`${fileName} is no plain file name`);
      await file.append(lines);
    },
  });
  return {
    put({ payload }) {
      const text = payload.kind === 'json' ? JSON.stringify(payload.object) : payload.text;
      outlet.put(`${oneLine(text)}\n`);
    },
    get isIdle() {
      return outlet.isIdle;
    },
    close: () => outlet.close(),
  };
}

/** A name that stays in its directory, whatever system this is. */
function plainFileName(name: string): string | undefined {
  const isPlain = name.length <= 200 && !/^\.+$/.test(name) && /^[\w.@ +-]+$/.test(name);
  return isPlain ? name : undefined;
}
