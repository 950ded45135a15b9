/** Apigee proxies inside a Hono application, on any runtime that Hono has. */
import { Hono } from 'hono';
import type { Gateway } from 'apigee-interpreter';

export function createApp(gateway: Gateway): Hono {
  const app = new Hono();
  app.get('/status', (context) => context.json({ ok: true }));
  app.all('*', (context) => gateway.handle(context.req.raw));
  return app;
}
