import type {
  NamedText,
  RecordedAccess,
  RecordedError,
  RecordedExecution,
  RecordedMessage,
  RecordedPoint,
} from './recorded-transaction.ts';

/** A point as every form of a session has it. */
export interface RawPoint {
  readonly id: string;
  /** `25-04-15 20:20:00:187`, UTC; empty if there is none. */
  readonly timestamp: string;
  readonly properties: readonly NamedText[];
  readonly message: RecordedMessage | undefined;
  readonly accesses: readonly RecordedAccess[];
}

/** Undefined for points that say nothing that could be compared: pauses, masks. */
export function recordedPoint(raw: RawPoint): RecordedPoint | undefined {
  const { message, accesses } = raw;
  const properties = new Map(raw.properties);
  const read = (name: string): string => properties.get(name) ?? '';
  switch (raw.id) {
    case 'StateChange':
      return { kind: 'state', at: timeOf(raw.timestamp), to: read('To'), message, accesses };
    case 'FlowInfo':
      return raw.properties.length === 0 ? undefined : { kind: 'info', variables: raw.properties };
    case 'Condition':
      return {
        kind: 'condition',
        expression: read('Expression'),
        holds: read('ExpressionResult') === 'true',
        accesses,
      };
    case 'Execution':
      return executionOf(raw, properties);
    case 'Error':
      return { kind: 'error', state: read('state'), error: errorOf(properties), message, accesses };
    default:
      return undefined;
  }
}

function executionOf(
  { message, accesses }: RawPoint,
  properties: ReadonlyMap<string, string>,
): RecordedExecution {
  const expression = properties.get('expression');
  return {
    kind: 'execution',
    name: properties.get('stepDefinition-name'),
    type: properties.get('type') ?? '',
    condition:
      expression === undefined
        ? undefined
        : { expression, holds: properties.get('expressionResult') === 'true' },
    outcome: outcomeOf(properties),
    error: properties.has('error') ? errorOf(properties) : undefined,
    message,
    accesses,
  };
}

function outcomeOf(properties: ReadonlyMap<string, string>): RecordedExecution['outcome'] {
  const [action, result] = [properties.get('action'), properties.get('result')];
  if (action === 'ABORT') return 'failed';
  if (action === undefined && result === undefined) return 'skipped';
  return result === 'false' ? 'failed and went on' : 'ran';
}

function errorOf(properties: ReadonlyMap<string, string>): RecordedError {
  return {
    text: properties.get('error') ?? '',
    name: properties.get('fault.name') ?? '',
    code: properties.get('fault.code') ?? properties.get('error.code') ?? '',
  };
}

const timestampForm = /^(\d\d)-(\d\d)-(\d\d) (\d\d:\d\d:\d\d):(\d{3})$/;

/** Milliseconds since 1970; undefined for another form. */
function timeOf(timestamp: string): number | undefined {
  const [, day = '', month = '', year = '', time = '', millisecond = ''] =
    timestampForm.exec(timestamp.trim()) ?? [];
  const at = Date.parse(`20${year}-${month}-${day}T${time}.${millisecond}Z`);
  return Number.isNaN(at) ? undefined : at;
}
