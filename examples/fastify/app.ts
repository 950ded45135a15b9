/** Apigee proxies inside a Fastify application, beside its own routes. */
import fastify, { type FastifyInstance } from 'fastify';
import type { Gateway } from 'apigee-interpreter';

export function createApp(gateway: Gateway): FastifyInstance {
  const app = fastify();
  app.get('/status', () => ({ ok: true }));
  void app.register((proxies, _options, done) => {
    // Bodies stay unread, so that the gateway gets them byte for byte and sets their limit.
    proxies.removeAllContentTypeParsers();
    proxies.addContentTypeParser('*', (_request, _payload, parsed) => {
      parsed(null);
    });
    proxies.all('/*', (request, reply) => {
      reply.hijack();
      gateway.nodeHandler(request.raw, reply.raw);
    });
    done();
  });
  return app;
}
