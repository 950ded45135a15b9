import { PortError } from '../../verification/doubles/loopback-upstreams.ts';
import {
  RecordingUpstreams,
  type RecordingDoor,
} from '../../verification/record/recording-upstreams.ts';
import { UsageError } from '../exit.ts';
import type { Behind } from './behind-bundles.ts';

export interface GatewayOptions {
  readonly url: URL;
  /** Where the gateway calls its upstreams. */
  readonly doors: readonly RecordingDoor[];
  /** Milliseconds for each whole answer. */
  readonly patience: number;
  readonly largestBody: number;
}

/**
 * Stands before a gateway that runs already, and behind it where it calls its upstreams.
 * @throws {UsageError} for a port that cannot be had
 */
export async function behindGateway(options: GatewayOptions): Promise<Behind> {
  const { url, patience, largestBody } = options;
  const upstreams = await listening(options);
  return {
    kind: 'behind',
    forwarding: { url, host: 'of-target', patience, largestBody },
    begin() {
      upstreams.begin();
    },
    async finished() {
      return { calls: await upstreams.finished(), inside: undefined };
    },
    close: () => upstreams.close(),
  };
}

async function listening({ doors, patience, largestBody }: GatewayOptions) {
  try {
    return await RecordingUpstreams.listen(doors, { patience, largestBody });
  } catch (error) {
    if (error instanceof PortError) throw new UsageError(`--upstream: ${error.message}`);
    throw error;
  }
}
