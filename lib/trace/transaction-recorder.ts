import type { Condition } from '../condition/condition.ts';
import type { Fault } from '../fault/fault.ts';
import type { FlowValue } from '../message/flow-value.ts';
import type { Message } from '../message/message.ts';
import type { WriteOutcome } from '../variables/flow-variables.ts';
import type { Flow } from '../variables/flow.ts';
import { flowValueText } from '../message/flow-value.ts';
import { AccessLog } from './access-log.ts';
import { conditionTree } from './condition-tree.ts';
import { BodyCamera, messageSnapshot, type MessageSnapshot } from './message-snapshot.ts';
import { recordedText } from './recorded-text.ts';
import type {
  ConditionOwner,
  FlowPlace,
  MessageEvent,
  Recorder,
  RunningStep,
  SkipReason,
  Step,
} from './recorder.ts';
import type {
  Access,
  ConditionOutcome,
  Execution,
  FaultNote,
  Point,
  StateChange,
  StepOutcome,
  TransactionRecord,
} from './transaction-record.ts';

/** Bounds on what is kept of one transaction. */
export interface RecordLimits {
  /** Characters of a message's body. */
  readonly body: number;
  /** Characters of all bodies together; a body counts each time it is kept. */
  readonly bodies: number;
  readonly points: number;
  readonly accesses: number;
  /** Characters of the names and values of all accesses together. */
  readonly accessCharacters: number;
}

const defaultRecordLimits: RecordLimits = {
  body: 64 * 1024,
  bodies: 8 * 1024 ** 2,
  points: 10_000,
  accesses: 50_000,
  accessCharacters: 8 * 1024 ** 2,
};

type Filled<Shape> = { -readonly [Key in keyof Shape]: Shape[Key] };

interface OpenStep {
  readonly point: Filled<Execution> & { readonly accesses: Access[]; readonly output: string[] };
  readonly started: number;
  hasFailed: boolean;
}

/** Makes the record of one transaction, and hands it to `keep` when that has ended. */
export class TransactionRecorder implements Recorder {
  readonly #keep: (record: TransactionRecord, flow: Flow) => void;
  readonly #limits: RecordLimits;
  readonly #accesses: AccessLog;
  readonly #camera: BodyCamera;
  readonly #points: Point[] = [];
  /** Steps under way, the innermost last; more than one while a shared flow runs. */
  readonly #open: OpenStep[] = [];
  /** What the last step of each policy printed. */
  readonly #outputs = new Map<string, string[]>();
  #state = 'REQ_START';
  /** Where the transaction stood before its error state. */
  #lastGoodState = 'REQ_START';
  #stepCondition: ConditionOutcome | undefined;
  #arrived: MessageSnapshot | undefined;
  #sent: MessageSnapshot | undefined;
  #requestSent: Filled<StateChange> | undefined;
  #bodyCharacters = 0;
  #omittedPoints = 0;
  #omittedBodies = 0;
  #startedAt: number | undefined;
  #hasEnded = false;

  constructor(
    keep: (record: TransactionRecord, flow: Flow) => void,
    limits: RecordLimits = defaultRecordLimits,
  ) {
    this.#keep = keep;
    this.#limits = limits;
    this.#accesses = new AccessLog({
      accesses: limits.accesses,
      characters: limits.accessCharacters,
    });
    this.#camera = new BodyCamera(limits.body);
  }

  readVariable(name: string, value: FlowValue): void {
    this.#accesses.readVariable(name, value);
  }

  wroteVariable(name: string, value: FlowValue, outcome: WriteOutcome): void {
    const step = this.#open.at(-1);
    // With continueOnError a policy's failure shows in this variable only.
    if (value === true && step !== undefined && name.endsWith(`.${step.point.name}.failed`)) {
      step.hasFailed = true;
    }
    this.#accesses.wroteVariable(name, value, outcome);
  }

  printed(_flow: Flow, policy: string, line: string): void {
    const output = this.#outputs.get(policy);
    if (output === undefined || this.#bodyCharacters + line.length > this.#limits.bodies) return;
    this.#bodyCharacters += line.length;
    output.push(recordedText(line));
  }

  enteredState(flow: Flow, state: string): void {
    const from = this.#state;
    if (state !== 'ERROR') this.#lastGoodState = state;
    this.#state = state;
    if (from === 'PROXY_REQ_FLOW' && state === 'PROXY_RESP_FLOW') this.#addEcho(flow);
    if (state === 'TARGET_REQ_FLOW') this.#addInfo(flow, ['route.name', 'route.target']);
    const point: Filled<StateChange> = {
      kind: 'state-change',
      at: flow.host.clock.now(),
      from,
      to: state,
      message: this.#messageOf(flow, state),
      accesses: this.#accesses.take(),
    };
    this.#add(point);
    this.#requestSent = state === 'REQ_SENT' ? point : undefined;
    if (state === 'REQ_SENT') this.#addMoment(flow, 'paused');
    if (from === 'REQ_SENT') this.#addMoment(flow, 'resumed');
    if (state === 'REQ_HEADERS_PARSED') this.#addSurroundings(flow);
  }

  enteredFlow(flow: Flow, name: string, place: FlowPlace): void {
    const variable = place === 'fault-rule' ? 'faultrule.name' : `${place}.flow.name`;
    this.#addNamed(flow, variable, name);
    this.#addNamed(flow, 'current.flow.name', name);
  }

  enteredSharedFlow(flow: Flow, name: string): () => void {
    // What the calling policy did so far is its own, not the first inner step's.
    this.#open.at(-1)?.point.accesses.push(...this.#accesses.take());
    this.#addNamed(flow, 'sharedflow.name', name);
    return () => undefined;
  }

  askedCondition(
    flow: Flow,
    owner: ConditionOwner,
    name: string,
    condition: Condition,
    holds: boolean,
  ): void {
    const result = this.#accesses.withoutLogging(() => condition.explain(flow));
    const outcome = { expression: recordedText(result.text), holds, tree: conditionTree(result) };
    if (owner === 'step') {
      this.#stepCondition = outcome;
      return;
    }
    this.#add({
      kind: 'condition',
      at: flow.host.clock.now(),
      owner,
      name,
      ...outcome,
      accesses: this.#accesses.take(),
    });
  }

  startedStep(flow: Flow, step: Step): RunningStep {
    const point = this.#execution(flow, step, { kind: 'running' });
    this.#add(point);
    const open = { point, started: flow.host.clock.nanoseconds(), hasFailed: false };
    this.#open.push(open);
    this.#outputs.set(step.name, point.output);
    let isWaiting = false;
    return {
      waits: () => {
        isWaiting = true;
        this.#addBefore(point, { kind: 'paused', at: point.at });
      },
      ended: (fault) => {
        this.#endStep(flow, open, fault);
        if (isWaiting) this.#addMoment(flow, 'resumed');
      },
    };
  }

  skippedStep(flow: Flow, step: Step, reason: SkipReason): void {
    const point = this.#execution(flow, step, { kind: 'skipped', reason });
    point.message = this.#currentMessage(flow);
    this.#add(point);
  }

  raisedFault(flow: Flow, fault: Fault): void {
    this.#add({
      kind: 'fault',
      at: flow.host.clock.now(),
      state: this.#lastGoodState,
      fault: noteOf(fault),
      message: this.#currentMessage(flow),
      accesses: this.#accesses.take(),
    });
  }

  message(flow: Flow, event: MessageEvent, message: Message): void {
    this.#startedAt ??= flow.host.clock.now();
    const snapshot = this.#snapshot(message, message.kind);
    if (event === 'response-sent') this.#sent = snapshot;
    else if (event !== 'request-sent') this.#arrived = snapshot;
    // A load balancer's second attempt is what the target got.
    else if (this.#requestSent !== undefined) this.#requestSent.message = snapshot;
  }

  ended(flow: Flow, outcome: 'completed' | 'aborted'): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const at = flow.host.clock.now();
    const read = (name: string): string =>
      this.#accesses.withoutLogging(() => flowValueText(flow.variables.get(name)));
    const record: TransactionRecord = {
      messageId: read('messageid'),
      organization: read('organization.name'),
      environment: read('environment.name'),
      proxy: read('apiproxy.name'),
      revision: read('apiproxy.revision'),
      startedAt: this.#startedAt ?? at,
      endedAt: at,
      outcome,
      points: this.#points,
      omitted: {
        points: this.#omittedPoints,
        accesses: this.#accesses.omitted,
        bodies: this.#omittedBodies,
      },
    };
    this.#keep(record, flow);
  }

  #execution(flow: Flow, step: Omit<Step, 'location'>, outcome: StepOutcome): OpenStep['point'] {
    const condition = this.#stepCondition;
    this.#stepCondition = undefined;
    return {
      kind: 'execution',
      at: flow.host.clock.now(),
      name: step.name,
      type: step.type,
      continueOnError: step.continueOnError,
      enforcement: flow.variables.phase,
      condition,
      outcome,
      message: undefined,
      accesses: this.#accesses.take(),
      output: [],
    };
  }

  #endStep(flow: Flow, { point, started, hasFailed }: OpenStep, fault: Fault | undefined): void {
    this.#open.pop();
    const nanoseconds = flow.host.clock.nanoseconds() - started;
    point.accesses.push(...this.#accesses.take());
    point.message = this.#currentMessage(flow);
    point.outcome =
      fault !== undefined
        ? { kind: 'aborted', fault: noteOf(fault), nanoseconds }
        : { kind: 'continued', result: hasFailed ? 'failed' : 'succeeded', nanoseconds };
  }

  /** When a proxy has no target the engine makes the response of the request. */
  #addEcho(flow: Flow): void {
    const step = { name: 'EchoRequest', type: 'EchoRequest', continueOnError: false };
    const point = this.#execution(flow, step, { kind: 'echo' });
    point.message = this.#currentMessage(flow);
    this.#add(point);
  }

  /** What Apigee tells once a proxy was found for the request. */
  #addSurroundings(flow: Flow): void {
    this.#addInfo(flow, ['environment.name', 'environment.qualifiedname', 'environment.orgname']);
    this.#addInfo(flow, ['organization.name']);
    this.#addInfo(flow, [
      'apiproxy.qualifiedname',
      'apiproxy.basepath',
      'apiproxy.revision',
      'apiproxy.name',
    ]);
    this.#addInfo(flow, [
      'proxy.basepath',
      'proxy.pathsuffix',
      'proxy.url',
      'proxy.name',
      'proxy.client.ip',
    ]);
  }

  #addInfo(flow: Flow, names: readonly string[]): void {
    const variables = this.#accesses.withoutLogging(() =>
      names.map((name) => [name, recordedText(flowValueText(flow.variables.get(name)))] as const),
    );
    this.#add({ kind: 'flow-info', at: flow.host.clock.now(), variables });
  }

  #addNamed(flow: Flow, variable: string, value: string): void {
    this.#add({ kind: 'flow-info', at: flow.host.clock.now(), variables: [[variable, value]] });
  }

  #addMoment(flow: Flow, kind: 'paused' | 'resumed'): void {
    this.#add({ kind, at: flow.host.clock.now() });
  }

  #add(point: Point): void {
    if (this.#points.length < this.#limits.points) this.#points.push(point);
    else this.#omittedPoints++;
  }

  #addBefore(next: Point, point: Point): void {
    const at = this.#points.lastIndexOf(next);
    if (at < 0) this.#omittedPoints++;
    else this.#points.splice(at, 0, point);
  }

  #messageOf(flow: Flow, state: string): MessageSnapshot | undefined {
    switch (state) {
      case 'REQ_HEADERS_PARSED':
      case 'RESP_START':
        return this.#arrived ?? this.#currentMessage(flow);
      case 'TARGET_RESP_FLOW':
        return this.#messageNamed(flow, 'response');
      case 'END':
        return this.#sent ?? this.#currentMessage(flow);
      default:
        return this.#currentMessage(flow);
    }
  }

  #currentMessage(flow: Flow): MessageSnapshot | undefined {
    return this.#messageNamed(flow, flow.variables.phase);
  }

  #messageNamed(flow: Flow, name: MessageSnapshot['kind']): MessageSnapshot | undefined {
    const message = flow.variables.message(name);
    return message === undefined ? undefined : this.#snapshot(message, name);
  }

  #snapshot(message: Message, kind: MessageSnapshot['kind']): MessageSnapshot {
    const body =
      this.#bodyCharacters < this.#limits.bodies ? this.#camera.take(message) : undefined;
    if (body === undefined && message.hasBody) this.#omittedBodies++;
    this.#bodyCharacters += body?.text.length ?? 0;
    return messageSnapshot(message, kind, body);
  }
}

function noteOf({ code, name, faultstring }: Fault): FaultNote {
  return { code, name, text: recordedText(faultstring) };
}
