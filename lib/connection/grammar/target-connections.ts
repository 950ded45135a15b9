import { element, ignored, leaf, optional, type NodeOf } from '../../xml/grammar/element.ts';
import { template } from '../../xml/grammar/value.ts';
import { authentication } from './authentication.ts';
import { healthMonitor } from './health-monitor.ts';
import { loadBalancer } from './load-balancer.ts';
import { properties } from './properties.ts';
import { sslInfo } from './ssl-info.ts';

/** How a service is reached over HTTP: by URL, or by target servers of the environment. */
export const httpTargetConnection = element({
  doc: 'How the service is reached: a URL, or a LoadBalancer with an optional Path.',
  children: {
    url: optional('URL', leaf(template, 'Address of the service, http or https.')),
    loadBalancer: optional('LoadBalancer', loadBalancer),
    path: optional(
      'Path',
      leaf(template, 'Path at the target server; used with LoadBalancer only.'),
    ),
    sslInfo: optional('SSLInfo', sslInfo),
    properties: optional('Properties', properties),
    authentication: optional('Authentication', authentication),
    healthMonitor: optional('HealthMonitor', healthMonitor),
    old: ignored(['ErrorResponse', 'SessionCache'], 'Read for old bundles; not used.'),
  },
});

/** A proxy of the same environment, called inside the runtime ("Connecting API proxies"). */
export const localTargetConnection = element({
  doc: 'A proxy of the same environment: by APIProxy and ProxyEndpoint, or by Path.',
  children: {
    apiProxy: optional('APIProxy', leaf(template, 'Name of the proxy.')),
    proxyEndpoint: optional(
      'ProxyEndpoint',
      leaf(template, 'Name of its proxy endpoint; default unless given.'),
    ),
    path: optional('Path', leaf(template, 'Base path of a proxy endpoint, with any suffix.')),
    old: ignored(['Properties', 'VirtualHost'], 'Read for old bundles; not used.'),
  },
});

export type HttpTargetConnectionNode = NodeOf<typeof httpTargetConnection>;
export type LocalTargetConnectionNode = NodeOf<typeof localTargetConnection>;
export type SslInfoNode = NodeOf<typeof sslInfo>;
export type HealthMonitorNode = NodeOf<typeof healthMonitor>;
export type LoadBalancerNode = NodeOf<typeof loadBalancer>;
export type AuthenticationNode = NodeOf<typeof authentication>;
export type PropertiesNode = NodeOf<typeof properties>;
