import { postToGoogle } from '../connection/google-api.ts';
import type { TokenProvider } from '../connection/google-tokens.ts';
import type { Transport } from '../connection/transport.ts';
import type { Publisher } from './publisher.ts';

/** Publishes to Cloud Pub/Sub with the deployment's service account. */
export function pubSubPublisher(google: {
  readonly transport: Transport;
  readonly tokens: TokenProvider;
}): Publisher {
  return {
    async publish({ topic, data, attributes }) {
      if (!/^projects\/[\w.:-]+\/topics\/[\w.~+%-]+$/.test(topic)) {
        throw new Error(`${topic} is no topic; it is written projects/PROJECT/topics/TOPIC`);
      }
      const call = {
        host: 'pubsub.googleapis.com',
        path: `/v1/${topic}:publish`,
        scope: 'https://www.googleapis.com/auth/pubsub',
        body: { messages: [{ data: Buffer.from(data).toString('base64'), attributes }] },
      };
      const id = firstMessageId(await postToGoogle(call, google));
      if (id === undefined) throw new Error('Pub/Sub answered without a message id');
      return id;
    },
  };
}

function firstMessageId(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null || !('messageIds' in answer)) return undefined;
  const { messageIds } = answer;
  const first: unknown = Array.isArray(messageIds) ? messageIds[0] : undefined;
  return typeof first === 'string' ? first : undefined;
}
