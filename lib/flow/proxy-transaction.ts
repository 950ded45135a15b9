import type { PropertySet } from '../bundle/bundle.ts';
import type { Streaming } from '../connection/connection-properties.ts';
import type { Peer } from '../connection/peer.ts';
import type { Fault } from '../fault/fault.ts';
import type { Host } from '../host/host.ts';
import type { FlowValue } from '../message/flow-value.ts';
import type { HeaderLine } from '../message/header-lines.ts';
import { Message } from '../message/message.ts';
import type { Recorder } from '../trace/recorder.ts';
import { FlowVariables, type PredefinedValues } from '../variables/flow-variables.ts';
import type { Transaction } from '../variables/flow.ts';
import { ObservedVariables } from '../variables/observed-variables.ts';
import { BodyStreams } from './body-streams.ts';
import type { ClientPeer, ClientRequest } from './client-request.ts';
import type { CompressedBody } from './content-encoding.ts';
import type { FaultHandler } from './fault-handling.ts';
import type { FlowState } from './flow-state.ts';
import { TransactionPassage } from './transaction-passage.ts';
import { transactionVariables } from './transaction-variables.ts';

/** The proxy endpoint that a request was routed to. */
export interface ProxyPlace {
  readonly name: string;
  readonly revision: string;
  readonly endpoint: string;
  /** As configured, `*` included. */
  readonly basePath: string;
  /** What follows the base path; empty if nothing does. */
  readonly pathSuffix: string;
}

/** The target endpoint of a transaction, and what is known of the call so far. Times in milliseconds. */
export interface TargetPlace {
  readonly name: string;
  /** Path of the configured URL. */
  basePath: string;
  host?: string;
  port?: number;
  scheme?: 'http' | 'https';
  server?: string;
  isFallback?: boolean;
  sentStart?: number;
  sentEnd?: number;
  receivedStart?: number;
  receivedEnd?: number;
  status?: number;
  contentLength?: number;
  peer?: Peer | undefined;
  /** Target servers whose attempts failed, in the order in which they were tried. */
  readonly failedServers: string[];
}

/** A flow that a transaction entered. */
export interface FlowPlace {
  readonly name: string;
  readonly description: string | null;
}

/** Where property sets of the running policies are looked up, the nearest bundle first. */
export type PropertySets = ReadonlyMap<string, PropertySet>;

export interface ProxyTransactionInit {
  readonly host: Host;
  readonly request: ClientRequest;
  readonly proxy: ProxyPlace;
  readonly localDepth: number;
  readonly propertySets: PropertySets;
  readonly recorder: Recorder | undefined;
  readonly streaming: Streaming;
  /** Those of the proxy endpoint. */
  readonly faults: FaultHandler;
}

/** One request on its way through a proxy. */
export class ProxyTransaction implements Transaction {
  readonly host: Host;
  readonly variables: FlowVariables;
  readonly localDepth: number;
  readonly startedAt: number;
  readonly receivedEnd: number;
  readonly receivedBytes: number;
  readonly bodyIs: 'acceptable' | 'too-big';
  readonly peer: ClientPeer;
  /** The Host header, for proxy.url. */
  readonly hostHeader: string;
  readonly receivedTarget: string;
  readonly proxy: ProxyPlace;
  readonly recorder: Recorder | undefined;
  /** Whether the proxy endpoint lets bodies pass as they come. */
  readonly streaming: Streaming;
  readonly bodies = new BodyStreams();
  /** What policies asked of this transaction's way; undefined while none did. */
  asked: TransactionPassage | undefined;
  /** The kind of endpoint whose flows or fault rules run. */
  endpoint: 'proxy' | 'target' = 'proxy';
  state: FlowState = 'REQ_START';
  /** The flow that runs, and the last one of each endpoint. */
  flow: FlowPlace | null = null;
  proxyFlow: FlowPlace | null = null;
  targetFlow: FlowPlace | null = null;
  route: { readonly name: string; readonly target: string | null } | null = null;
  target: TargetPlace | null = null;
  /** Of the endpoint that a fault belongs to if it arises now. */
  faults: FaultHandler;
  faultRule: string | null = null;
  /** The fault of a target's response whose status does not count as success. */
  refusal: Fault | undefined;
  sentStart = -1;
  sentEnd = -1;
  /** Set while a body that came compressed is shown plain. */
  compressedRequest: CompressedBody | undefined;
  compressedResponse: CompressedBody | undefined;
  /** When `api.timeout` ends the transaction, in nanoseconds of the host's clock. */
  deadline: number | undefined;
  /** Shared flows that are running, the innermost last. */
  readonly sharedFlows: PropertySets[] = [];
  readonly #propertySets: PropertySets;
  readonly #request: ClientRequest;
  #messageId: string | undefined;

  constructor({
    host,
    request,
    proxy,
    localDepth,
    propertySets,
    recorder,
    streaming,
    faults,
  }: ProxyTransactionInit) {
    this.host = host;
    this.localDepth = localDepth;
    this.receivedEnd = host.clock.now();
    this.startedAt = request.receivedAt ?? this.receivedEnd;
    this.receivedBytes = request.body instanceof Uint8Array ? request.body.byteLength : 0;
    this.bodyIs = request.body === 'too-big' ? 'too-big' : 'acceptable';
    this.streaming = streaming;
    this.faults = faults;
    this.peer = request.peer;
    this.receivedTarget = request.target;
    this.proxy = proxy;
    this.recorder = recorder;
    this.#request = request;
    this.#propertySets = propertySets;
    const predefined = new PredefinedIn(this);
    this.variables =
      recorder === undefined
        ? new FlowVariables(predefined)
        : new ObservedVariables(predefined, recorder);
    const message = clientMessage(request);
    this.hostHeader = message.headers.text('host') ?? '';
    this.variables.seed('request', message);
  }

  get messageId(): string {
    return (this.#messageId ??= this.#request.messageId ?? this.host.random.uuid());
  }

  get passage(): TransactionPassage {
    return (this.asked ??= new TransactionPassage(this));
  }

  /** Notes how the request's body came. */
  keepRequest(compressed: CompressedBody | 'undecodable' | undefined): void {
    if (compressed === 'undecodable') this.bodies.requestIs = 'undecodable';
    else this.compressedRequest = compressed;
  }

  enter(state: FlowState): void {
    this.state = state;
    this.recorder?.enteredState(this, state);
  }

  /** The value of a key of a property set: of the running shared flow's bundle first, then the proxy's. */
  property(set: string, key: string): string | null {
    const own = this.sharedFlows.at(-1)?.get(set)?.get(key);
    return own ?? this.#propertySets.get(set)?.get(key) ?? null;
  }
}

class PredefinedIn implements PredefinedValues {
  readonly #transaction: ProxyTransaction;

  constructor(transaction: ProxyTransaction) {
    this.#transaction = transaction;
  }

  access(name: string): ReturnType<PredefinedValues['access']> {
    return transactionVariables.get(name)?.access;
  }

  read(name: string): FlowValue {
    return transactionVariables.get(name)?.read(this.#transaction) ?? null;
  }
}

const platformPrefix = /^x-apigee-/i;

function isPlatforms([name]: HeaderLine): boolean {
  return platformPrefix.test(name);
}

function clientMessage({ method, target, version, headers, body }: ClientRequest): Message {
  const message = new Message('request');
  message.verb = method;
  message.uri = target;
  message.version = version;
  // Clients may not speak for the platform ("Endpoint properties reference").
  message.headers.addAll(
    headers.some(isPlatforms) ? headers.filter((line) => !isPlatforms(line)) : headers,
  );
  if (body instanceof Uint8Array && body.byteLength > 0) message.bytes = body;
  return message;
}
