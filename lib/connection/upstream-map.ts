import { originKey, parseTargetUrl } from './target-url.ts';
import type { Origin, StreamableRequest, Transport } from './transport.ts';

interface Upstream {
  readonly origin: Origin;
  /** Put before the request's target; never ends with a slash. */
  readonly prefix: string;
}

/**
 * A transport that sends requests for an origin (`https://maps.example.com`) to another URL. The
 * URL's path becomes a prefix; Host header, path, query and everything else stay as they are. A
 * request for `https` that is mapped to `http` leaves without TLS. The egress policy of the
 * transport underneath sees the mapped host.
 *
 * @throws {TypeError} for a key that is not an origin, or a URL that is not http or https
 */
export function mapUpstreams(transport: Transport, upstreams: ReadonlyMap<string, URL>): Transport {
  const mapped = new Map<string, Upstream>();
  for (const [text, url] of upstreams) {
    const from = parseTargetUrl(text);
    if (from === undefined || (from.path !== '' && from.path !== '/') || from.query !== undefined) {
      throw new TypeError(`"${text}" is no origin; write it like https://host or http://host:8080`);
    }
    const to = parseTargetUrl(`${url.protocol}//${url.host}`);
    if (to === undefined) throw new TypeError(`"${url.href}" is no http or https URL`);
    mapped.set(originKey(from.origin), {
      origin: to.origin,
      prefix: url.pathname.replace(/\/+$/, ''),
    });
  }
  if (mapped.size === 0) return transport;
  const mappedRequest = <Request extends StreamableRequest>(request: Request): Request => {
    const upstream = mapped.get(originKey(request.origin));
    return upstream === undefined ? request : redirected(request, upstream);
  };
  return {
    send: (request) => transport.send(mappedRequest(request)),
    stream: (request) => transport.stream(mappedRequest(request)),
    reach(request) {
      const origin = mapped.get(originKey(request.origin))?.origin ?? request.origin;
      return transport.reach({ ...request, origin });
    },
    close: () => transport.close(),
  };
}

function redirected<Request extends StreamableRequest>(
  request: Request,
  { origin, prefix }: Upstream,
): Request {
  return {
    ...request,
    origin,
    target: prefix + request.target,
    tls: origin.scheme === 'http' ? undefined : request.tls,
  };
}
