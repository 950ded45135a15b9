/** Apigee proxies inside an Express application, beside its own routes. */
import express, { type Express } from 'express';
import type { Gateway } from 'apigee-interpreter';

export function createApp(gateway: Gateway): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/status', (_request, response) => {
    response.json({ ok: true });
  });
  // Whatever the application has no route for is the gateway's, its 404 too.
  app.use(gateway.nodeHandler);
  return app;
}
