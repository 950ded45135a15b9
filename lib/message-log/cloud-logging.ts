import type { TokenProvider } from '../connection/google-tokens.ts';
import type { Transport } from '../connection/transport.ts';
import { postToGoogle, GoogleRefusal } from '../connection/google-api.ts';
import type { CloudLoggingDestination, LogLevel, MessageLogEntry } from './message-log.ts';
import { Undeliverable } from './outlet.ts';

/** LogSeverity of the Cloud Logging API. */
const severities: Readonly<Record<LogLevel, string>> = {
  ALERT: 'ALERT',
  ERROR: 'ERROR',
  WARN: 'WARNING',
  INFO: 'INFO',
};

/** An entry as `entries:write` of the Cloud Logging API takes it. */
export function cloudLogEntry(
  { level, payload, timestamp }: MessageLogEntry,
  { logName, resourceType, labels }: CloudLoggingDestination,
): Readonly<Record<string, unknown>> {
  return {
    logName,
    resource: { type: resourceType },
    severity: severities[level],
    timestamp: new Date(timestamp).toISOString(),
    labels,
    ...(payload.kind === 'json' ? { jsonPayload: payload.object } : { textPayload: payload.text }),
  };
}

/**
 * Writes entries with the deployment's service account.
 *
 * @throws {Undeliverable} when Google refuses them for good
 */
export async function writeToCloudLogging(
  entries: readonly Readonly<Record<string, unknown>>[],
  google: { readonly transport: Transport; readonly tokens: TokenProvider },
  signal: AbortSignal,
): Promise<void> {
  const call = {
    host: 'logging.googleapis.com',
    path: '/v2/entries:write',
    scope: 'https://www.googleapis.com/auth/logging.write',
    // One entry that is wrong must not cost the others.
    body: { entries, partialSuccess: true },
    signal,
  };
  try {
    await postToGoogle(call, google);
  } catch (error) {
    if (error instanceof GoogleRefusal && error.isFinal) {
      throw new Undeliverable(error.message, { cause: error });
    }
    throw error;
  }
}
