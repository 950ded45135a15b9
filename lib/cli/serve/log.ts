import pino from 'pino';
import type { AccessRecord } from '../../gateway/dispatcher.ts';
import type { Log } from '../../host/log.ts';

/** One JSON line a request, and a line for what no flow can see. */
export interface ServeLog extends Log {
  access(record: AccessRecord): void;
  info(details: Readonly<Record<string, unknown>>, message: string): void;
  flush(): void;
}

/** @param write takes whole lines; the process's stderr unless given */
export function createServeLog(write: ((line: string) => void) | undefined): ServeLog {
  const destination =
    write === undefined ? pino.destination({ dest: 2, sync: false, minLength: 4096 }) : { write };
  const log = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: errorText } },
    destination,
  );
  // Buffered lines must not wait for the next request.
  const timer =
    'flush' in destination
      ? setInterval(() => {
          destination.flush();
        }, 200)
      : undefined;
  timer?.unref();
  return {
    access(record) {
      log.info(record, 'request');
    },
    info(details, message) {
      log.info(details, message);
    },
    warn(details, message) {
      log.warn(details, message);
    },
    error(details, message) {
      log.error(details, message);
    },
    flush() {
      clearInterval(timer);
      if ('flushSync' in destination) destination.flushSync();
    },
  };
}

function errorText(error: unknown): unknown {
  return error instanceof Error ? error.message : error;
}
