import type { TlsSettings } from '../connection/transport.ts';
import type { Log } from '../host/log.ts';

/** The levels of MessageLogging, as its documentation has them. */
export const logLevels = ['INFO', 'ALERT', 'WARN', 'ERROR'] as const;
export type LogLevel = (typeof logLevels)[number];

/** A syslog server, as a policy addresses it. */
export interface SyslogDestination {
  readonly kind: 'syslog';
  readonly host: string;
  readonly port: number;
  readonly protocol: 'UDP' | 'TCP';
  /** Undefined for a connection in plain. */
  readonly tls: TlsSettings | undefined;
  /** Whether a header stands before the message. */
  readonly form: 'with-header' | 'payload-only';
  /** The time of the entry as the policy's DateFormat writes it. */
  readonly timestamp: string;
}

/** A log of Google's Cloud Logging. */
export interface CloudLoggingDestination {
  readonly kind: 'cloud-logging';
  /** `projects/PROJECT/logs/LOG` */
  readonly logName: string;
  /** Type of the monitored resource. */
  readonly resourceType: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** When a log file is put aside and a new one begun. */
export interface FileRotation {
  /** Bytes that a file may have; undefined means any number. */
  readonly size: number | undefined;
  /** Milliseconds that a file is written to; undefined means for ever. */
  readonly period: number | undefined;
  /** Files that are kept beside the one that is written to. */
  readonly retained: number;
  /** Whether a file that is there when the program starts is put aside at once. */
  readonly atStart: 'rotate' | 'continue';
}

export interface FileDestination {
  readonly kind: 'file';
  readonly fileName: string;
  readonly rotation: FileRotation;
}

export type LogDestination = SyslogDestination | CloudLoggingDestination | FileDestination;

/** What one MessageLogging policy has to say about one transaction, to one destination. */
export interface MessageLogEntry {
  /** Name of the policy. */
  readonly policy: string;
  readonly level: LogLevel;
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly timestamp: number;
  /** An object where the policy says application/json and the message is one; else the text. */
  readonly payload:
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'json'; readonly object: Readonly<Record<string, unknown>> };
  readonly destination: LogDestination;
}

/** Takes the entries of MessageLogging policies. */
export interface MessageLog {
  /** Takes an entry over. No request waits for it; what it throws goes to the operator's log. */
  write(entry: MessageLogEntry): void;
  /** Gives what is waiting a last chance, for a bounded time. */
  close?(): Promise<void>;
}

/** Hands entries to the operator's log, if that takes information at all; nothing leaves the process. */
export function hostMessageLog(log: Log): MessageLog {
  return {
    write({ policy, level, payload, destination }) {
      log.info?.(
        {
          policy,
          severity: level,
          destination: addressOf(destination),
          message: payload.kind === 'json' ? payload.object : payload.text,
        },
        'logged message',
      );
    },
  };
}

function addressOf(destination: LogDestination): Readonly<Record<string, unknown>> {
  switch (destination.kind) {
    case 'syslog': {
      const { host, port, protocol, tls } = destination;
      return { syslog: `${host}:${port}`, protocol: tls === undefined ? protocol : 'TLS' };
    }
    case 'cloud-logging':
      return { cloudLogging: destination.logName, labels: destination.labels };
    case 'file':
      return { file: destination.fileName };
  }
}
