import { ConnectionError } from '../../connection/connection-error.ts';
import { compileSecurity } from '../../connection/connection-security.ts';
import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';
import { compileDatePattern, DatePatternError } from '../../java/simple-date-format.ts';
import type { FileRotation, LogDestination } from '../../message-log/message-log.ts';
import { compileTemplate, type OnUnresolved, type Template } from '../../template/template.ts';
import type { Flow } from '../../variables/flow.ts';
import type { CompileContext } from '../policy-type.ts';
import { portOf } from './checks.ts';
import { executionFailed } from './faults.ts';
import type { CloudLoggingNode, FileNode, SyslogNode } from './grammar.ts';

/** What a destination needs to know of its policy. */
export interface DestinationContext {
  readonly policy: string;
  readonly onUnresolved: OnUnresolved;
  readonly compile: CompileContext;
}

/** Resolves where an entry goes. */
export type DestinationOf = (flow: Flow, timestamp: number) => LogDestination;

type Leaf = { readonly value: string | undefined; readonly textLocation: Location } | undefined;

const usualTime = "yyyy-MM-dd'T'HH:mm:ss.SSSZ";

/** TLS as SSLInfo alone says it. */
const server = { kind: 'server', server: {} } as const;

export function syslogDestination(node: SyslogNode, context: DestinationContext): DestinationOf {
  const { policy, onUnresolved, compile } = context;
  const host = compiled(node.host, compile.report);
  const port = portOf(node.port?.value) ?? 514;
  const protocol = node.protocol?.value?.toUpperCase() === 'TCP' ? 'TCP' : 'UDP';
  const form = node.payloadOnly?.value === true ? 'payload-only' : 'with-header';
  const format = dateFormat(node.dateFormat, compile.report);
  const security = compileSecurity(node.sslInfo, compile.environment, compile.report);
  return (flow, timestamp) => {
    const name = host.render(flow, onUnresolved).trim();
    try {
      const tls = security(flow, server, onUnresolved);
      return {
        kind: 'syslog',
        host: name === '' ? 'localhost' : name,
        port,
        protocol: tls === undefined ? protocol : 'TCP',
        tls,
        form,
        timestamp: format(timestamp),
      };
    } catch (error) {
      if (error instanceof ConnectionError) throw executionFailed(policy, error);
      throw error;
    }
  };
}

export function cloudDestination(
  { logName, labels, resourceType }: CloudLoggingNode,
  { onUnresolved, compile: { report } }: DestinationContext,
): DestinationOf {
  const name = compiled(logName, report);
  const pairs = (labels?.label ?? []).map(({ key, value }) => ({
    key: compiled(key, report),
    value: compiled(value, report),
  }));
  // Documentation says api, which the service does not take without more labels.
  const type = resourceType?.value ?? '';
  const resource = type === '' || type === 'api' ? 'global' : type;
  return (flow) => ({
    kind: 'cloud-logging',
    logName: name.render(flow, onUnresolved).trim(),
    resourceType: resource,
    labels: Object.fromEntries(
      pairs.map(({ key, value }) => [
        key.render(flow, onUnresolved),
        value.render(flow, onUnresolved),
      ]),
    ),
  });
}

export function fileDestination(
  { fileName, rotation: options }: FileNode,
  { onUnresolved, compile: { report } }: DestinationContext,
): DestinationOf {
  const name = compiled(fileName, report);
  const rotation = rotationOf(options);
  return (flow) => ({
    kind: 'file',
    fileName: name.render(flow, onUnresolved).trim(),
    rotation,
  });
}

const units = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

function rotationOf(options: FileNode['rotation']): FileRotation {
  const { type, maxSize, maxFiles, frequency, rotateFileOnStartup = false } = options ?? {};
  const by = type?.value ?? 'SIZE';
  const megabytes = Math.max(1, maxSize?.value ?? 10);
  return {
    size: by === 'TIME' ? undefined : megabytes * 1024 * 1024,
    period:
      by === 'SIZE'
        ? undefined
        : Math.max(1, frequency?.value ?? 1) * units[frequency?.unit ?? 'hour'],
    retained: Math.min(1_000, Math.max(0, maxFiles?.value ?? 5)),
    atStart: rotateFileOnStartup ? 'rotate' : 'continue',
  };
}

function compiled(leaf: Leaf, report: Report): Template {
  const location = leaf?.textLocation ?? { file: '', line: 1, column: 1 };
  return compileTemplate(leaf?.value ?? '', { location, report });
}

function dateFormat(leaf: Leaf, report: Report): (timestamp: number) => string {
  const pattern = leaf?.value ?? '';
  try {
    return compileDatePattern(pattern === '' ? usualTime : pattern);
  } catch (error) {
    if (!(error instanceof DatePatternError) || leaf === undefined) throw error;
    report(
      diagnosticAt(
        leaf.textLocation,
        'error',
        'invalid-date-format',
        `The DateFormat ${pattern} is not understood: ${error.message}.`,
        `Write a pattern of Java's SimpleDateFormat, such as ${usualTime}.`,
      ),
    );
    return compileDatePattern(usualTime);
  }
}
