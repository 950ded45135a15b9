import type { ConditionTree } from './condition-tree.ts';
import type { MessageSnapshot } from './message-snapshot.ts';
import { executionType, stepDefinitionType } from './step-names.ts';
import type {
  Access,
  ConditionOutcome,
  Execution,
  Point,
  TransactionRecord,
} from './transaction-record.ts';

/** A debug session as Apigee X's user interface saves it: its members are those of Apigee's API. */
export interface DebugSession {
  readonly DebugSession: {
    /** When the first of the transactions ended (RFC 3339). */
    readonly Retrieved: string;
    readonly Organization: string;
    readonly Environment: string;
    readonly API: string;
    readonly Revision: string;
    readonly SessionId: string;
  };
  readonly Messages: readonly DebugTransaction[];
}

/** `DebugSessionTransaction` of Apigee's API, with its id. */
export interface DebugTransaction {
  readonly DebugId: string;
  readonly completed: boolean;
  readonly point: readonly DebugPoint[];
}

export interface DebugPoint {
  readonly id:
    'StateChange' | 'FlowInfo' | 'Condition' | 'Execution' | 'Error' | 'Paused' | 'Resumed';
  readonly results: readonly DebugResult[];
}

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

export type DebugResult =
  | {
      readonly ActionResult: 'DebugInfo';
      /** `25-04-15 20:20:00:187`, UTC. */
      readonly timestamp: string;
      readonly properties: { readonly property: readonly NamedValue[] };
    }
  | ({
      readonly ActionResult: 'RequestMessage';
      readonly uRI: string;
      readonly verb: string;
    } & MessageContent)
  | ({
      readonly ActionResult: 'ResponseMessage' | 'ErrorMessage';
      readonly reasonPhrase: string;
      readonly statusCode: string;
    } & MessageContent)
  | { readonly ActionResult: 'VariableAccess'; readonly accessList: readonly DebugAccess[] };

interface MessageContent {
  readonly headers: readonly NamedValue[];
  readonly content?: string;
  /** Not Apigee's. The content is no text: each character stands for the byte of its number. */
  readonly contentEncoding?: 'iso-8859-1';
  /** Not Apigee's. There was more than is kept. */
  readonly contentTruncated?: true;
}

export type DebugAccess =
  | { readonly Get: { readonly name: string; readonly value?: string } }
  | { readonly Set: { readonly name: string; readonly value: string; readonly success: boolean } }
  | { readonly Remove: { readonly name: string; readonly success: boolean } };

type Properties = readonly (readonly [name: string, value: string])[];

/** Writes a record in the form of Apigee X's debug sessions ("DebugSessionTransaction"). */
export function debugSession(record: TransactionRecord): DebugSession {
  return {
    DebugSession: {
      Retrieved: new Date(record.endedAt).toISOString(),
      Organization: record.organization,
      Environment: record.environment,
      API: record.proxy,
      Revision: record.revision,
      SessionId: record.messageId,
    },
    Messages: [
      {
        DebugId: record.messageId,
        completed: record.outcome === 'completed',
        point: [...record.points.map(pointOf), ...omissions(record)],
      },
    ],
  };
}

// Whatever could move a terminal's cursor or break a line where the text is shown.
const unsafe = /[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A debug session as JSON text of printable characters only, indented by two blanks. */
export function debugSessionText(record: TransactionRecord): string {
  const json = JSON.stringify(debugSession(record), undefined, 2);
  // Such characters can only stand within strings, where an escape means the same.
  return `${json.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

function pointOf(point: Point): DebugPoint {
  switch (point.kind) {
    case 'state-change': {
      const { at, from, to, message, accesses } = point;
      return {
        id: 'StateChange',
        results: [
          debugInfo(at, [
            ['To', to],
            ['From', from],
          ]),
          ...messageOf(message),
          ...accessesOf(accesses),
        ],
      };
    }
    case 'flow-info':
      return { id: 'FlowInfo', results: [debugInfo(point.at, point.variables)] };
    case 'condition':
      return {
        id: 'Condition',
        results: [
          debugInfo(point.at, [
            ['ExpressionResult', String(point.holds)],
            ['Expression', point.expression],
            ['Tree', point.name],
            ...treeOf(point),
          ]),
          ...accessesOf(point.accesses),
        ],
      };
    case 'execution':
      return executionOf(point);
    case 'fault':
      return {
        id: 'Error',
        results: [
          debugInfo(point.at, [
            ['type', 'ErrorPoint'],
            ['state', point.state],
            ['error', point.fault.text],
            ['fault.name', point.fault.name],
            ['fault.code', point.fault.code],
          ]),
          ...messageOf(point.message),
          ...accessesOf(point.accesses),
        ],
      };
    case 'paused':
    case 'resumed':
      return { id: point.kind === 'paused' ? 'Paused' : 'Resumed', results: [] };
  }
}

function executionOf(execution: Execution): DebugPoint {
  const { at, name, type, condition, enforcement, message, accesses, outcome } = execution;
  const ofCondition: Properties =
    condition === undefined
      ? []
      : [
          ['expression', condition.expression],
          ['expressionResult', String(condition.holds)],
          ...treeOf(condition),
        ];
  const isEnabled = !(outcome.kind === 'skipped' && outcome.reason === 'disabled');
  const ofStep: Properties =
    outcome.kind === 'echo'
      ? []
      : [
          ['stepDefinition-name', name],
          ['stepDefinition-displayName', name],
          ['stepDefinition-type', stepDefinitionType(type)],
          ['stepDefinition-enabled', String(isEnabled)],
          ['stepDefinition-continueOnError', String(execution.continueOnError)],
          ['stepDefinition-async', 'false'],
          ['internal', 'false'],
          ['enforcement', enforcement],
        ];
  return {
    id: 'Execution',
    results: [
      debugInfo(at, [
        ['type', executionType(type)],
        ...ofStep,
        ...ofCondition,
        ...outcomeOf(execution),
        ...outputOf(execution),
      ]),
      ...messageOf(message),
      ...accessesOf(accesses),
    ],
  };
}

function outputOf({ output }: Execution): Properties {
  return output.length === 0 ? [] : [['stepExecution-stdout', output.join('\n')]];
}

function outcomeOf({ outcome }: Execution): Properties {
  switch (outcome.kind) {
    case 'echo':
    case 'running':
      return [];
    case 'skipped':
      return outcome.reason === 'unsupported' ? [['skipped', 'unsupported policy type']] : [];
    case 'continued':
      return [
        ['action', 'CONTINUE'],
        ['result', String(outcome.result === 'succeeded')],
        ['timeTaken', String(outcome.nanoseconds)],
      ];
    case 'aborted':
      return [
        ['action', 'ABORT'],
        ['result', 'false'],
        ['timeTaken', String(outcome.nanoseconds)],
        ['error', outcome.fault.text],
        ['fault.name', outcome.fault.name],
        ['fault.code', outcome.fault.code],
      ];
  }
}

/** The parts of a condition, as JSON; a condition of one part says all by its result. */
function treeOf({ tree }: ConditionOutcome): Properties {
  const isWhole = tree.operands === undefined && tree.undecided === undefined;
  return isWhole ? [] : [['expressionTree', treeText(tree)]];
}

function treeText(tree: ConditionTree): string {
  return JSON.stringify(tree);
}

function debugInfo(at: number, properties: Properties): DebugResult {
  return {
    ActionResult: 'DebugInfo',
    timestamp: timestamp(at),
    properties: { property: namedValues(properties) },
  };
}

/** `dd-mm-yy hh:mm:ss:xxx`, as Apigee documents it. */
function timestamp(at: number): string {
  const [date = '', time = ''] = new Date(at).toISOString().slice(2, -1).split('T');
  return `${date.split('-').reverse().join('-')} ${time.replace('.', ':')}`;
}

function messageOf(message: MessageSnapshot | undefined): readonly DebugResult[] {
  if (message === undefined) return [];
  const content = contentOf(message);
  if (message.kind === 'request') {
    return [
      { ActionResult: 'RequestMessage', uRI: message.uri, verb: message.verb ?? '', ...content },
    ];
  }
  const { statusCode, reasonPhrase } = message;
  return [
    {
      ActionResult: message.kind === 'error' ? 'ErrorMessage' : 'ResponseMessage',
      reasonPhrase: reasonPhrase ?? '',
      statusCode: statusCode === null ? '' : String(statusCode),
      ...content,
    },
  ];
}

function contentOf({ headers, body }: MessageSnapshot): MessageContent {
  const head = { headers: namedValues(headers) };
  if (body === undefined) return head;
  return {
    ...head,
    content: body.text,
    ...(body.form === 'latin1' ? { contentEncoding: 'iso-8859-1' } : {}),
    ...(body.isCut ? { contentTruncated: true } : {}),
  };
}

function accessesOf(accesses: readonly Access[]): readonly DebugResult[] {
  if (accesses.length === 0) return [];
  return [{ ActionResult: 'VariableAccess', accessList: accesses.map(accessOf) }];
}

function accessOf(access: Access): DebugAccess {
  switch (access.kind) {
    case 'get': {
      const { name, value } = access;
      return { Get: value === undefined ? { name } : { name, value } };
    }
    case 'set': {
      const { name, value, outcome } = access;
      return { Set: { name, value, success: outcome === 'written' } };
    }
    case 'remove':
      return { Remove: { name: access.name, success: access.outcome === 'written' } };
  }
}

function omissions({ omitted, endedAt }: TransactionRecord): readonly DebugPoint[] {
  const counted = Object.entries(omitted).filter(([, count]) => count > 0);
  if (counted.length === 0) return [];
  const properties = counted.map(([what, count]) => [`omitted.${what}`, String(count)] as const);
  return [{ id: 'FlowInfo', results: [debugInfo(endedAt, properties)] }];
}

function namedValues(values: Properties): readonly NamedValue[] {
  return values.map(([name, value]) => ({ name, value }));
}
