import type { Host } from '../host/host.ts';
import type { FlowValue } from '../message/flow-value.ts';
import { messageFrom, messageInitFrom, type MessageInit } from '../message/message-init.ts';
import { Message } from '../message/message.ts';
import { FlowVariables } from './flow-variables.ts';
import { LonePassage, type Passage } from './passage.ts';
import { builtInVariables, type PredefinedVariables } from './predefined.ts';

/** The state of one transaction. */
export interface Flow {
  readonly variables: FlowVariables;
  readonly host: Host;
  /** How many LocalTargetConnections led here; 0 for a client's own request. */
  readonly localDepth: number;
  /** What policies may ask of the transaction around them. */
  readonly passage: Passage;
}

/** A flow with what its predefined variables are computed from. */
export interface Transaction extends Flow {
  /** Milliseconds since 1970-01-01T00:00Z, by the host's clock. */
  readonly startedAt: number;
  /** Unique; the flow variable `messageid`. */
  readonly messageId: string;
}

export interface FlowInit {
  readonly host: Host;
  /** The client's request; an empty `GET /` unless given. Verb and path default to these. */
  readonly request?: MessageInit;
  /**
   * Values by variable name, which also replace predefined variables. An object with `message:
   * 'request' | 'response'` is a message; any other object stands for its JSON text.
   */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** 0 unless a proxy was called by another one. */
  readonly localDepth?: number;
  /** Instead of the built-in table. */
  readonly predefined?: PredefinedVariables;
}

/** @throws {TypeError} when a message among the variables cannot be understood, or an object has no JSON text */
export function newFlow(init: FlowInit): Transaction {
  const transaction = new StartedTransaction(
    init.host,
    init.predefined ?? builtInVariables,
    init.localDepth ?? 0,
  );
  const { variables } = transaction;
  variables.seed(
    'request',
    messageFrom({ verb: 'GET', path: '/', ...(init.request ?? { message: 'request' }) }),
  );
  for (const [name, value] of Object.entries(init.variables ?? {})) {
    variables.seed(name, flowValueFrom(name, value));
  }
  return transaction;
}

class StartedTransaction implements Transaction {
  readonly host: Host;
  readonly startedAt: number;
  readonly variables: FlowVariables;
  readonly localDepth: number;
  readonly passage: LonePassage;
  #messageId: string | undefined;

  constructor(host: Host, predefined: PredefinedVariables, localDepth: number) {
    this.host = host;
    this.localDepth = localDepth;
    this.startedAt = host.clock.now();
    this.variables = new FlowVariables({
      access: (name) => predefined.get(name)?.access,
      read: (name) => predefined.get(name)?.read(this) ?? null,
    });
    this.passage = new LonePassage(() => this.variables.phase);
  }

  get messageId(): string {
    return (this.#messageId ??= this.host.random.uuid());
  }
}

function flowValueFrom(name: string, value: unknown): FlowValue {
  if (value instanceof Message) return value;
  if (Array.isArray(value)) return value.map(elementFrom);
  if (isRecord(value) && 'message' in value && isMessageKind(value['message'])) {
    return messageFrom(messageInitFrom(name, value));
  }
  return elementFrom(value);
}

function elementFrom(value: unknown): FlowValue {
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return isScalar(value) ? value : null;
}

function isScalar(value: unknown): value is string | number | boolean | bigint {
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isMessageKind(value: unknown): boolean {
  return value === 'request' || value === 'response';
}
