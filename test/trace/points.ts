import { debugSession, type DebugAccess, type DebugPoint } from '../../lib/trace/debug-session.ts';
import type { TransactionRecord } from '../../lib/trace/transaction-record.ts';

/** The points of a record as a debug session shows them. */
export function pointsOf(record: TransactionRecord | undefined): readonly DebugPoint[] {
  if (record === undefined) throw new Error('Nothing was recorded');
  return debugSession(record).Messages[0]?.point ?? [];
}

export function propertiesOf(point: DebugPoint | undefined): Readonly<Record<string, string>> {
  const info = point?.results.find((result) => result.ActionResult === 'DebugInfo');
  if (info?.ActionResult !== 'DebugInfo') return {};
  return Object.fromEntries(info.properties.property.map(({ name, value }) => [name, value]));
}

export function accessesOf(point: DebugPoint | undefined): readonly DebugAccess[] {
  const access = point?.results.find((result) => result.ActionResult === 'VariableAccess');
  return access?.ActionResult === 'VariableAccess' ? access.accessList : [];
}

/** A point in one line, such as `StateChange PROXY_REQ_FLOW`, `Condition get false`, `Execution SC-Stock CONTINUE`. */
export function lineOf(point: DebugPoint): string {
  const properties = propertiesOf(point);
  switch (point.id) {
    case 'StateChange':
      return `StateChange ${properties['To'] ?? ''}`;
    case 'FlowInfo':
      return `FlowInfo ${Object.entries(properties)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ')}`;
    case 'Condition':
      return `Condition ${properties['Tree'] ?? ''} ${properties['ExpressionResult'] ?? ''}`;
    case 'Execution':
      return `Execution ${properties['stepDefinition-name'] ?? properties['type'] ?? ''} ${properties['action'] ?? 'skipped'}`;
    case 'Error':
      return `Error ${properties['fault.name'] ?? ''} in ${properties['state'] ?? ''}`;
    case 'Paused':
    case 'Resumed':
      return point.id;
  }
}
