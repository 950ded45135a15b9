import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { createBackgroundCalls } from '../../connection/background-calls.ts';
import { Fault } from '../../fault/fault.ts';
import { systemClock } from '../../host/clock.ts';
import { defaultLimits } from '../../host/limits.ts';
import type { Log } from '../../host/log.ts';
import { runKongCallout, type KongRequest, type KongServices } from '../../kong/callout.ts';
import { pluginName, type KongPlugin } from '../../kong/plugin.ts';
import { readKongPlugins } from '../../kong/read-plugins.ts';
import { createRuntime } from '../../runtime/runtime.ts';
import { UsageError } from '../exit.ts';
import { readInput } from '../read-input.ts';
import { seedVariables, type CalloutFlags } from './options.ts';
import {
  DryRunEnd,
  dryTransport,
  newRecording,
  recordingTransport,
} from './recording-transport.ts';
import { lostText, mapped, type CalloutOutcome } from './run-callout.ts';
import type { ShownValue } from './variable-changes.ts';

/**
 * Runs the `service-callout` plugins of a Kong configuration, one after another until one ends the
 * request. `kong.ctx.shared.KEY` is the variable KEY, the client's body is `request.content`.
 *
 * @throws {UsageError} for input that cannot be read
 * @throws {DeploymentError} for a configuration that is against the plugin's schema
 */
export async function runKong(file: string, flags: CalloutFlags): Promise<CalloutOutcome> {
  const variables = await seedVariables(flags);
  const diagnostics: Diagnostic[] = [];
  const text = new TextDecoder().decode(await readInput(file, file));
  const plugins = readKongPlugins(text, file, (diagnostic) => diagnostics.push(diagnostic));
  if (diagnostics.some(({ severity }) => severity === 'error'))
    throw new DeploymentError(diagnostics);

  const request = kongRequest(variables);
  const before = new Map(request.shared);
  const recording = newRecording();
  const wire = mapped(flags);
  const transport =
    flags.dryRun === undefined ? recordingTransport(wire, recording) : dryTransport(recording);
  const background = createBackgroundCalls(defaultLimits.backgroundCalls);
  let lost: unknown;
  const log: Log = {
    warn(details) {
      lost ??= details['error'];
    },
    error(details) {
      lost ??= details['error'];
    },
  };
  const started = systemClock.nanoseconds();
  let fault: Fault | undefined;
  try {
    fault = await runAll(plugins, request, { transport, background, log });
    await background.settled();
  } finally {
    await transport.close();
  }
  return {
    policy: {
      name: plugins.map(({ name }) => name).join(', '),
      type: pluginName,
      continueOnError: plugins.every(({ onError }) => onError === 'continue'),
    },
    request: recording.request,
    fate: recording.fate,
    response: recording.response,
    fault,
    lost: lostText(lost),
    variables: changes(before, request.shared),
    ignored: [],
    printed: [],
    diagnostics,
    milliseconds: (systemClock.nanoseconds() - started) / 1e6,
  };
}

async function runAll(
  plugins: readonly KongPlugin[],
  request: KongRequest,
  services: KongServices,
): Promise<Fault | undefined> {
  try {
    for (const plugin of plugins) await runKongCallout(plugin, request, services);
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error;
    if (error instanceof DryRunEnd) return undefined;
    throw error;
  }
}

/** What is of the client's request is the plugin's request; all else is shared context. */
function kongRequest(variables: Readonly<Record<string, unknown>>): KongRequest {
  const isOfRequest = ([name]: readonly [string, unknown]): boolean =>
    /^request(?:\.|$)/.test(name);
  const entries = Object.entries(variables);
  const runtime = createRuntime();
  try {
    const flow = runtime.newFlow({ variables: Object.fromEntries(entries.filter(isOfRequest)) });
    const body = flow.variables.message('request')?.bytes ?? new Uint8Array();
    return { body, shared: new Map(entries.filter((entry) => !isOfRequest(entry))) };
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message) : error;
  }
}

function changes(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): Readonly<Record<string, ShownValue>> {
  return Object.fromEntries(
    [...after]
      .filter(([key, value]) => before.get(key) !== value)
      // It is JSON: a decoded body, or what the command line gave.
      .map(([key, value]) => [key, value as ShownValue] as const),
  );
}
