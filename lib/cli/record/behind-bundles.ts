import { fixedTokenProvider } from '../../connection/google-tokens.ts';
import { createUndiciTransport } from '../../connection/undici-transport.ts';
import { mapUpstreams } from '../../connection/upstream-map.ts';
import { createGateway, type Gateway } from '../../gateway/gateway.ts';
import { listen } from '../../gateway/node-server.ts';
import { systemClock } from '../../host/clock.ts';
import { defaultLimits } from '../../host/limits.ts';
import { StepNotes } from '../../verification/play/step-notes.ts';
import type { InsideNotes, RecordedCall } from '../../verification/record/recorded-exchange.ts';
import type { Recorded } from '../../verification/record/recording-proxy.ts';
import { recordingTransport } from '../../verification/record/recording-transport.ts';
import { loadDeployables } from '../serve/load-deployables.ts';
import { createServeLog } from '../serve/log.ts';
import { loggedMessages } from '../serve/logged-messages.ts';
import type { ServeOptions } from '../serve/options.ts';
import { orRefused, type Refused, type Tell } from '../serve/outcome.ts';

/** What a recording stands before. */
export interface Behind extends Recorded {
  readonly kind: 'behind';
  close(): Promise<void>;
}

export interface BundlesOptions {
  readonly serve: ServeOptions;
  /** Milliseconds for each whole answer. */
  readonly patience: number;
  readonly largestBody: number;
  readonly tell: Tell;
}

/** Runs bundles on a port of loopback that nobody else is told, and notes what they do. */
export function behindBundles(options: BundlesOptions): Promise<Behind | Refused> {
  return orRefused(() => runBundles(options), options.tell);
}

async function runBundles({ serve, patience, largestBody, tell }: BundlesOptions): Promise<Behind> {
  const { bundles, environment } = await loadDeployables(serve, tell);
  const log = createServeLog(undefined);
  let notes = new StepNotes(undefined);
  let calls: RecordedCall[] = [];
  const wire = createUndiciTransport({
    clock: systemClock,
    responseHeaders: defaultLimits.responseHeaders,
  });
  const upstreams = new Map(
    Object.entries(serve.upstreams).map(([origin, url]) => [origin, new URL(url)] as const),
  );
  const gateway: Gateway = await createGateway({
    ...loggedMessages(serve, log),
    bundles,
    environment,
    log,
    unsupported: serve.unsupported,
    undeployable: serve.undeployable,
    report: (diagnostic) => {
      tell([diagnostic]);
    },
    // Above the mapping, so that a call has the URL that its policy named.
    transport: recordingTransport(mapUpstreams(wire, upstreams), (call) => calls.push(call)),
    recorderFor: () => notes,
    ...(serve.googleToken === undefined ? {} : { tokens: fixedTokenProvider(serve.googleToken) }),
  });
  const server = await listen(gateway, { port: 0 });
  return {
    kind: 'behind',
    forwarding: { url: new URL(server.url), host: 'kept', patience, largestBody },
    begin() {
      notes = new StepNotes(undefined);
      calls = [];
    },
    async finished() {
      await gateway.idle();
      return { calls, inside: insideNotes(notes) };
    },
    async close() {
      await server.close();
      log.flush();
    },
  };
}

function insideNotes({ steps, fault, faultRule, variables }: StepNotes): InsideNotes {
  const entries = [...(variables?.entries() ?? [])];
  const secrets = entries.flatMap(([name, value]) =>
    /^private\./i.test(name) && typeof value === 'string' ? [value] : [],
  );
  return { steps, fault, faultRule, secrets };
}
