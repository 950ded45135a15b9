import type { Streaming } from '../connection/connection-properties.ts';
import type { PropertiesNode } from '../connection/grammar/target-connections.ts';
import type { ProxyEndpoint, TargetConnectionNode, TargetEndpoint } from '../bundle/bundle.ts';
import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import type { CompileContext } from '../policies/policy-type.ts';
import { wholeNumber } from '../xml/grammar/value.ts';
import { compileSegment, enterFlow, policiesOf } from './compiled-flows.ts';
import { compileSteps, type TransactionPart } from './compiled-steps.ts';
import type { DeployedPolicies } from './deployed-policies.ts';
import { compileEventFlow, type EventFlow } from './event-flow.ts';
import { compileFaultHandler, type FaultHandler } from './fault-handling.ts';
import { compileHttpTarget } from './http-target.ts';
import { compileLocalTargetCall } from './local-target.ts';
import type { FlowPlace } from './proxy-transaction.ts';
import { compileRoutes, type RouteChoice } from './routes.ts';
import type { TargetCall } from './target-call.ts';
import { targetMissing } from './target-faults.ts';

/** A proxy endpoint, ready to run any number of transactions. */
export interface CompiledProxyEndpoint {
  readonly name: string;
  readonly request: TransactionPart;
  readonly response: TransactionPart;
  /** Names of the policies in the steps of `response`. */
  readonly responsePolicies: ReadonlySet<string>;
  readonly postClient: TransactionPart | undefined;
  readonly faults: FaultHandler;
  readonly route: RouteChoice;
  /** Milliseconds that a whole transaction may take; undefined means no limit. */
  readonly timeout: number | undefined;
  /** Whether bodies pass as they come, as far as the target agrees. */
  readonly streaming: Streaming;
  /** Bytes that a request's body may have. */
  readonly requestLimit: number;
}

/** A target endpoint, ready to run any number of transactions. */
export interface CompiledTargetEndpoint {
  readonly name: string;
  readonly request: TransactionPart;
  readonly response: TransactionPart;
  /** Names of the policies in the steps of `response`. */
  readonly responsePolicies: ReadonlySet<string>;
  readonly faults: FaultHandler;
  readonly call: TargetCall;
}

const defaultRequestLimit = 10 * 1024 * 1024;

export function compileProxyEndpoint(
  endpoint: ProxyEndpoint,
  policies: DeployedPolicies,
  context: CompileContext,
): CompiledProxyEndpoint {
  const { report } = context;
  reportEventFlow(endpoint, 'Only those of a TargetEndpoint are.', report);
  const postClient = endpoint.postClientFlow;
  const properties = endpoint.httpProxyConnection?.properties;
  return {
    name: endpoint.name,
    request: compileSegment(endpoint, 'request', 'proxy', policies, report),
    response: compileSegment(endpoint, 'response', 'proxy', policies, report),
    responsePolicies: policiesOf(endpoint, 'response'),
    postClient:
      postClient === undefined
        ? undefined
        : entered(
            {
              name: 'PostClientFlow',
              description: postClient.description?.value ?? null,
            },
            postClient.location,
            compileSteps(postClient.response?.step ?? [], policies, report),
          ),
    faults: compileFaultHandler(endpoint, 'last-first', policies, report),
    route: compileRoutes(endpoint.routeRule, context),
    timeout: wholeNumber(propertyOf(properties, 'api.timeout') ?? ''),
    streaming: {
      request: isOn(properties, 'request.streaming.enabled'),
      response: isOn(properties, 'response.streaming.enabled'),
    },
    requestLimit:
      bytesOf(propertyOf(properties, 'request.payload.parse.limit')) ?? defaultRequestLimit,
  };
}

function entered(flow: FlowPlace, location: Location, run: TransactionPart): TransactionPart {
  return (transaction) => {
    enterFlow(transaction, flow, 'proxy', location);
    return run(transaction);
  };
}

function isOn(properties: PropertiesNode | undefined, name: string): boolean {
  return propertyOf(properties, name)?.trim().toLowerCase() === 'true';
}

function propertyOf(properties: PropertiesNode | undefined, name: string): string | undefined {
  return properties?.property.findLast((property) => property.name === name)?.value;
}

/** `10M` and `30m` are mebibytes, as in Apigee; a bare number is bytes. */
function bytesOf(text: string | undefined): number | undefined {
  const parts = /^(\d{1,9})\s*([km]?)b?$/i.exec(text?.trim() ?? '');
  if (parts === null) return undefined;
  const unit = { '': 1, k: 1024, m: 1024 ** 2 }[parts[2]?.toLowerCase() ?? ''] ?? 1;
  return Number(parts[1]) * unit;
}

export function compileTargetEndpoint(
  endpoint: TargetEndpoint,
  policies: DeployedPolicies,
  context: CompileContext,
): CompiledTargetEndpoint {
  const { report } = context;
  const [connection] = endpoint.connections;
  const eventFlow = compileEventFlow(endpoint, policies, report);
  return {
    name: endpoint.name,
    request: compileSegment(endpoint, 'request', 'target', policies, report),
    response: compileSegment(endpoint, 'response', 'target', policies, report),
    responsePolicies: policiesOf(endpoint, 'response'),
    faults: compileFaultHandler(endpoint, 'first-first', policies, report),
    call:
      connection === undefined
        ? noCall(endpoint.name)
        : compileCall(connection, endpoint, context, eventFlow),
  };
}

function compileCall(
  connection: TargetConnectionNode,
  endpoint: TargetEndpoint,
  context: CompileContext,
  eventFlow: EventFlow | undefined,
): TargetCall {
  switch (connection.type) {
    case 'HTTPTargetConnection':
      return compileHttpTarget(connection, context, eventFlow);
    case 'LocalTargetConnection':
      reportEventFlow(
        endpoint,
        'A proxy in the same process answers in one piece.',
        context.report,
      );
      return compileLocalTargetCall(connection, context);
    case 'ScriptTarget':
    case 'HostedTarget':
    case 'WebSocketTargetConnection':
      context.report(
        diagnosticAt(
          connection.location,
          'error',
          'unsupported-connection',
          `${connection.type} of the target endpoint ${endpoint.name} is not supported.`,
          'Use an HTTPTargetConnection.',
        ),
      );
      return noCall(endpoint.name);
  }
}

/** For where an EventFlow stands without effect. */
function reportEventFlow(
  { name, eventFlow }: ProxyEndpoint | TargetEndpoint,
  reason: string,
  report: Report,
): void {
  if (eventFlow?.response?.step[0] === undefined) return;
  report(
    diagnosticAt(
      eventFlow.location,
      'warning',
      'event-flow-not-run',
      `The steps of the EventFlow of ${name} are not run. ${reason}`,
      'Put the EventFlow into a TargetEndpoint with an HTTPTargetConnection.',
    ),
  );
}

/** Its deployment is refused; this is for whoever deploys in spite of errors. */
function noCall(name: string): TargetCall {
  return {
    announce: () => undefined,
    send: () => Promise.reject(targetMissing(name)),
    checkStatus: () => undefined,
  };
}
