import type { MessageLogEntry } from '../../message-log/message-log.ts';
import { compileTemplate, type OnUnresolved } from '../../template/template.ts';
import type { Flow } from '../../variables/flow.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import { unresolvedVariable } from '../unresolved-variable.ts';
import {
  cloudDestination,
  fileDestination,
  syslogDestination,
  type DestinationContext,
  type DestinationOf,
} from './destinations.ts';
import type { MessageLoggingPolicy, MessageNode } from './grammar.ts';

/**
 * Compiles MessageLogging: each run hands one entry a destination to the message log, and waits for
 * none of them to arrive.
 */
export function compileMessageLogging(
  { name, syslog, cloudLogging, file, logLevel, ignoreUnresolvedVariables }: MessageLoggingPolicy,
  compile: CompileContext,
): Program {
  const onUnresolved: OnUnresolved =
    ignoreUnresolvedVariables?.value === false ? unresolvedVariable : 'ignore';
  const context: DestinationContext = { policy: name, onUnresolved, compile };
  const level = logLevel?.value ?? 'INFO';
  const makers = [
    syslog === undefined
      ? undefined
      : entryOf(syslog.message, syslogDestination(syslog, context), context),
    cloudLogging === undefined
      ? undefined
      : entryOf(cloudLogging.message, cloudDestination(cloudLogging, context), context),
    file === undefined ? undefined : entryOf(file.message, fileDestination(file, context), context),
  ].filter((maker) => maker !== undefined);
  const { messageLog } = compile.services;

  return (flow) => {
    const timestamp = flow.host.clock.now();
    for (const make of makers) {
      const entry = { policy: name, level, timestamp, ...make(flow, timestamp) };
      try {
        messageLog.write(entry);
      } catch (error) {
        // A sink that is broken is no fault of the transaction.
        flow.host.log.warn({ policy: name, error }, 'A log message could not be written');
      }
    }
  };
}

type EntryParts = Pick<MessageLogEntry, 'payload' | 'destination'>;

function entryOf(
  message: MessageNode | undefined,
  destination: DestinationOf,
  { onUnresolved, compile: { report } }: DestinationContext,
): (flow: Flow, timestamp: number) => EntryParts {
  const location = message?.textLocation ?? { file: '', line: 1, column: 1 };
  const template = compileTemplate(message?.value ?? '', { location, report });
  const isJson = /^application\/json\b/i.test(message?.contentType ?? '');
  return (flow, timestamp) => {
    const text = template.render(flow, onUnresolved);
    const object = isJson ? jsonObject(text) : undefined;
    return {
      payload: object === undefined ? { kind: 'text', text } : { kind: 'json', object },
      destination: destination(flow, timestamp),
    };
  };
}

/** Values are inserted as they are, so a message that is meant as JSON need not be. */
function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
