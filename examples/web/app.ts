/** Apigee proxies as a fetch handler of the web standard: `export default createApp(gateway)` in Bun, Deno or a worker. */
import type { Gateway } from 'apigee-interpreter';

export interface FetchHandler {
  fetch(request: Request): Promise<Response>;
}

export function createApp(gateway: Gateway): FetchHandler {
  return {
    fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === '/status') return Promise.resolve(Response.json({ ok: true }));
      return gateway.handle(request);
    },
  };
}
