import { payloadLimit } from '../../connection/connection-properties.ts';
import type { Report } from '../../diagnostic/diagnostic.ts';
import type { HttpProxyConnectionNode, ProxyEndpoint } from '../bundle.ts';
import { parseBasePath, type BasePath } from '../base-path.ts';
import { error, warn, type Check } from './check-context.ts';

/** A proxy has endpoints, each with a base path of its own, and each tells apart its requests. */
export const checkProxyEndpoints: Check = ({ bundle, environment, report }) => {
  if (bundle.kind !== 'apiproxy') return;
  if (bundle.proxyEndpoints.size === 0 && bundle.broken.size === 0) {
    error(
      bundle.location,
      {
        code: 'proxies-missing',
        message: 'Required folder "proxies" not found.',
        hint: 'Add a file with a ProxyEndpoint to the folder proxies.',
      },
      report,
    );
  }
  const taken = new Set<string>();
  for (const endpoint of bundle.proxyEndpoints.values()) {
    const { httpProxyConnection: connection } = endpoint;
    const basePath = checkBasePath(endpoint, report);
    if (basePath !== undefined && taken.has(basePath.text)) {
      const organization = environment?.organization ?? 'local';
      error(
        connection?.basePath?.textLocation ?? endpoint.location,
        conflict(organization, bundle, basePath.text),
        report,
      );
    }
    if (basePath !== undefined) taken.add(basePath.text);
    if (connection !== undefined) checkConnection(connection, report);
  }
};

/** The finding about a base path that something else has already. */
export function conflict(
  organization: string,
  { name, revision }: { readonly name: string; readonly revision: string },
  path: string,
): { readonly code: string; readonly message: string; readonly hint: string } {
  return {
    code: 'CONFLICTING_DEPLOYMENT',
    message: `Existing deployment of "organizations/${organization}/apis/${name}/revisions/${revision}" contains conflicting base paths: [${path}].`,
    hint: 'Give each proxy endpoint of an environment a base path of its own.',
  };
}

function checkBasePath(endpoint: ProxyEndpoint, report: Report): BasePath | undefined {
  const { httpProxyConnection, location, name } = endpoint;
  const written = httpProxyConnection?.basePath?.value ?? '';
  const place = httpProxyConnection?.basePath?.textLocation ?? httpProxyConnection?.location;
  if (written === '') {
    warn(
      place ?? location,
      {
        code: 'base-path-missing',
        message: `ProxyEndpoint ${name} has no BasePath and takes every request, as if it were /.`,
        hint: 'Write BasePath in HTTPProxyConnection; Apigee Edge refuses a proxy without it.',
      },
      report,
    );
  }
  const reading = parseBasePath(written);
  if (reading.kind === 'invalid') {
    const message = `Invalid base path ${written}`;
    error(place ?? location, { code: 'invalid-base-path', message, hint: reading.reason }, report);
    return undefined;
  }
  if (written.length > 1 && written.endsWith('/')) {
    warn(
      place ?? location,
      {
        code: 'base-path-ends-in-slash',
        message: `The base path ${written} ends in a slash, which makes no difference.`,
        hint: 'Remove the slash.',
      },
      report,
    );
  }
  if (reading.basePath.segments.some((segment) => /.\*|\*./.test(segment))) {
    warn(
      place ?? location,
      {
        code: 'partial-wildcard',
        message: `The base path ${written} has an asterisk inside a segment, where it is no wildcard.`,
        hint: 'A wildcard is a whole segment: /*/.',
      },
      report,
    );
  }
  return reading.basePath;
}

function checkConnection(
  { virtualHost, properties }: HttpProxyConnectionNode,
  report: Report,
): void {
  const [host] = virtualHost;
  if (host !== undefined) {
    warn(
      host.location,
      {
        code: 'virtual-host',
        message: 'Apigee X has no virtual hosts; the element is ignored.',
        hint: 'Remove VirtualHost; the environment group has the host names.',
      },
      report,
    );
  }
  for (const { name, value, location } of properties?.property ?? []) {
    if (!parseLimits.has(name) || value === undefined || value === '') continue;
    payloadLimit(name, { value, location }, report);
  }
}

const parseLimits: ReadonlySet<string> = new Set([
  'request.payload.parse.limit',
  'response.payload.parse.limit',
]);
