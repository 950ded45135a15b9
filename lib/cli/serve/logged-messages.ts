import type { GatewayOptions } from '../../gateway/gateway.ts';
import { secureRandom } from '../../host/random.ts';
import type { ServeLog } from './log.ts';
import type { ServeOptions } from './options.ts';

/** Where what MessageLogging and PublishMessage policies write goes, as the command line asks. */
export function loggedMessages(
  { logMessages, logDirectory }: Pick<ServeOptions, 'logMessages' | 'logDirectory'>,
  log: ServeLog,
): Pick<GatewayOptions, 'messageLog' | 'publisher'> {
  switch (logMessages) {
    case 'deliver':
      return { messageLog: { deliver: { directory: logDirectory } }, publisher: 'pub-sub' };
    case 'stderr':
      return {
        publisher: {
          publish({ topic, data, attributes }) {
            const id = secureRandom.uuid();
            const message = Buffer.from(data).toString('utf8');
            log.info({ topic, attributes, id, message }, 'published message');
            return Promise.resolve(id);
          },
        },
      };
    case 'none':
      return {
        messageLog: { write: () => undefined },
        publisher: { publish: () => Promise.resolve(secureRandom.uuid()) },
      };
  }
}
