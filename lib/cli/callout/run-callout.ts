import { inspect } from 'node:util';
import { fixedTokenProvider } from '../../connection/google-tokens.ts';
import { forwardingLocalProxies } from '../../connection/local-proxies.ts';
import type { IncomingResponse, OutgoingRequest, Transport } from '../../connection/transport.ts';
import { createUndiciTransport } from '../../connection/undici-transport.ts';
import { mapUpstreams } from '../../connection/upstream-map.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { loadEnvironment } from '../../environment/load-environment.ts';
import { Fault } from '../../fault/fault.ts';
import { systemClock } from '../../host/clock.ts';
import type { Environment } from '../../host/environment.ts';
import { emptyEnvironment } from '../../host/environment.ts';
import type { Log } from '../../host/log.ts';
import { checkPolicy, parsePolicy } from '../../policies/read-policy.ts';
import type { PolicyCore } from '../../policies/policy-type.ts';
import { createRuntime, type Runtime, type RuntimeOptions } from '../../runtime/runtime.ts';
import type { Flow } from '../../variables/flow.ts';
import { LonePassage } from '../../variables/passage.ts';
import { UsageError } from '../exit.ts';
import { readInput } from '../read-input.ts';
import { requireUrl, upstreams } from '../upstream-option.ts';
import { seedVariables, type CalloutFlags } from './options.ts';
import {
  DryRunEnd,
  dryTransport,
  newRecording,
  recordingTransport,
  type Recording,
} from './recording-transport.ts';
import { resourceFiles } from './resource-files.ts';
import { watchVariables, type ShownValue } from './variable-changes.ts';

/** What one policy did. */
export interface CalloutOutcome {
  readonly policy: Pick<PolicyCore, 'name' | 'type' | 'continueOnError'>;
  readonly request: OutgoingRequest | undefined;
  readonly fate: Recording['fate'];
  readonly response: IncomingResponse | undefined;
  readonly fault: Fault | undefined;
  /** A call that nobody waited for and that failed: no flow sees it, the operator should. */
  readonly lost: string | undefined;
  /** Lines that a script printed. */
  readonly printed: readonly string[];
  readonly variables: Readonly<Record<string, ShownValue>>;
  /** Given variables that read as unset, since nothing of that name can be set. */
  readonly ignored: readonly string[];
  /** Warnings of the policy and of the environment. */
  readonly diagnostics: readonly Diagnostic[];
  readonly milliseconds: number;
}

/**
 * Runs one policy against the variables that the flags give.
 *
 * @throws {UsageError} for input that cannot be read
 * @throws {DeploymentError} for a policy or environment that cannot be deployed
 */
export async function runCallout(file: string, flags: CalloutFlags): Promise<CalloutOutcome> {
  const variables = await seedVariables(flags);
  const loaded = flags.env === undefined ? undefined : await loadEnvironment(flags.env);
  const environment = loaded?.environment ?? emptyEnvironment;
  const xml = await readInput(file, file);
  const policy = parsePolicy(xml, { file });
  const resources = resourceFiles(file, environment);
  const diagnostics = [...(loaded?.diagnostics ?? []), ...checkPolicy(xml, { file, resources })];

  const recording = newRecording();
  let lost: unknown;
  const log: Log = {
    warn(details) {
      lost ??= details['error'];
    },
    error(details) {
      lost ??= details['error'];
    },
  };
  const runtime = createRuntime(runtimeOptions(flags, environment, recording, log));
  const started = systemClock.nanoseconds();
  const compiled = runtime.compile(policy, { resources });
  const flow = startFlow(runtime, variables);
  const ignored = withoutEffect(flow, variables);
  const changes = watchVariables(flow.variables);
  const printed: string[] = [];
  if (flow.passage instanceof LonePassage) flow.passage.onPrint((line) => printed.push(line));
  let fault: Fault | undefined;
  try {
    await compiled.run(flow);
    // What a script leaves to wait for: its callbacks.
    if (flow.passage instanceof LonePassage) await flow.passage.settled();
  } catch (error) {
    if (error instanceof Fault) fault = error;
    else if (!(error instanceof DryRunEnd)) throw error;
  } finally {
    await runtime.close();
  }
  return {
    policy,
    request: recording.request,
    fate: recording.fate,
    response: recording.response,
    fault,
    lost: lostText(lost),
    printed,
    variables: changes(),
    ignored,
    diagnostics,
    milliseconds: (systemClock.nanoseconds() - started) / 1e6,
  };
}

/** Why a call failed that nobody waited for. */
export function lostText(lost: unknown): string | undefined {
  if (lost === undefined || lost instanceof DryRunEnd) return undefined;
  return lost instanceof Error ? lost.message : inspect(lost);
}

/**
 * A response given as `message` says that the policy runs in the response flow, where `message` means
 * the response.
 */
function startFlow(runtime: Runtime, given: Readonly<Record<string, unknown>>): Flow {
  const phase = isResponse(given['message']) ? 'response' : 'request';
  const variables = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name.replace(/^message(?=\.|$)/, phase), value]),
  );
  try {
    const flow = runtime.newFlow({ variables });
    flow.variables.phase = phase;
    return flow;
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError('--vars: a value is nested too deeply');
    throw error instanceof TypeError ? new UsageError(error.message) : error;
  }
}

function isResponse(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'message' in value &&
    value.message === 'response'
  );
}

/** Names that were given a value and still read as none, such as a status of a request. */
function withoutEffect(
  { variables }: Flow,
  given: Readonly<Record<string, unknown>>,
): readonly string[] {
  return Object.keys(given).filter(
    (name) => given[name] !== null && given[name] !== '' && variables.get(name) === null,
  );
}

function runtimeOptions(
  flags: CalloutFlags,
  environment: Environment,
  recording: Recording,
  log: Log,
): RuntimeOptions {
  const wire = mapped(flags);
  const transport =
    flags.dryRun === undefined ? recordingTransport(wire, recording) : dryTransport(recording);
  const token = flags.googleToken ?? (flags.dryRun === undefined ? undefined : 'TOKEN');
  return {
    transport,
    environment,
    log,
    ...(token === undefined ? {} : { tokens: fixedTokenProvider(token) }),
    ...(flags.local === undefined
      ? {}
      : { localProxies: forwardingLocalProxies(transport, requireUrl(flags.local, '--local')) }),
  };
}

/** The map stands below the recording, so that what is shown stays as if unmapped. */
export function mapped(flags: CalloutFlags): Transport {
  const entries = Object.entries(upstreams(flags.upstream)).map(
    ([origin, url]) => [origin, new URL(url)] as const,
  );
  try {
    return mapUpstreams(createUndiciTransport({ clock: systemClock }), new Map(entries));
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(`--upstream: ${error.message}`) : error;
  }
}
