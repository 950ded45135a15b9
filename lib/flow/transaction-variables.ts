import type { CertificateSubject } from '../connection/peer.ts';
import type { FlowValue } from '../message/flow-value.ts';
import { builtInVariables, type Predefined } from '../variables/predefined.ts';
import type { ProxyTransaction } from './proxy-transaction.ts';

/** A predefined variable of a transaction through a proxy. */
export interface TransactionVariable {
  readonly access: Predefined['access'];
  read(transaction: ProxyTransaction): FlowValue;
}

type Read = TransactionVariable['read'];

/** `Wed, 21 Aug 2013 19:16:47 UTC`, or empty for a moment that has not come. */
function timeText(epochMilliseconds: number): string {
  return epochMilliseconds < 0
    ? ''
    : new Date(epochMilliseconds).toUTCString().replace(/GMT$/, 'UTC');
}

/** A part of the target's certificate, after its response came over TLS. */
function certificatePart(part: keyof CertificateSubject): Read {
  return ({ target }) => target?.peer?.certificate?.[part];
}

const readOnly: Readonly<Record<string, Read>> = {
  'apiproxy.name': ({ proxy }) => proxy.name,
  'apiproxy.revision': ({ proxy }) => proxy.revision,
  'apiproxy.basepath': () => '/',
  'apiproxy.qualifiedname': ({ proxy }) => `${proxy.name}__${proxy.revision}`,

  'proxy.name': ({ proxy }) => proxy.endpoint,
  'proxy.basepath': ({ proxy }) => proxy.basePath,
  'proxy.pathsuffix': ({ proxy }) => proxy.pathSuffix,
  'proxy.url': ({ peer, hostHeader, receivedTarget }) =>
    `${peer.scheme}://${hostHeader}${receivedTarget}`,
  'proxy.client.ip': ({ peer }) => peer.ip,

  'client.ip': ({ peer }) => peer.ip,
  'client.resolved.ip': ({ peer }) => peer.ip,
  'client.host': ({ peer }) => peer.ip,
  'client.port': ({ peer }) => peer.port,
  'client.scheme': ({ peer }) => peer.scheme,
  'client.ssl.enabled': ({ peer }) => String(peer.scheme === 'https'),
  'client.received.start.timestamp': ({ startedAt }) => startedAt,
  'client.received.start.time': ({ startedAt }) => timeText(startedAt),
  'client.received.end.timestamp': ({ receivedEnd }) => receivedEnd,
  'client.received.end.time': ({ receivedEnd }) => timeText(receivedEnd),
  'client.received.content.length': ({ receivedBytes }) => receivedBytes,
  'client.sent.start.timestamp': ({ sentStart }) => sentStart,
  'client.sent.start.time': ({ sentStart }) => timeText(sentStart),
  'client.sent.end.timestamp': ({ sentEnd }) => sentEnd,
  'client.sent.end.time': ({ sentEnd }) => timeText(sentEnd),

  'current.flow.name': ({ flow }) => flow?.name,
  'current.flow.description': ({ flow }) => flow?.description,
  'proxy.flow.name': ({ proxyFlow }) => proxyFlow?.name,
  'proxy.flow.description': ({ proxyFlow }) => proxyFlow?.description,
  'target.flow.name': ({ targetFlow }) => targetFlow?.name,
  'target.flow.description': ({ targetFlow }) => targetFlow?.description,
  // A shared flow that another one called has no state of its own.
  'currentstep.flowstate': ({ state, sharedFlows }) =>
    sharedFlows.length > 1 ? 'SHARED_FLOW' : state,
  'faultrule.name': ({ faultRule }) => faultRule,

  'route.name': ({ route }) => route?.name,
  'route.target': ({ route }) => route?.target,

  'target.name': ({ target }) => target?.name,
  'target.basepath': ({ target }) => target?.basePath,
  'target.host': ({ target }) => target?.host,
  'target.ip': ({ target }) => target?.peer?.address,
  'target.cn': certificatePart('commonName'),
  'target.country': certificatePart('country'),
  'target.email.address': certificatePart('emailAddress'),
  'target.locality': certificatePart('locality'),
  'target.organization': certificatePart('organization'),
  'target.organization.unit': certificatePart('organizationalUnit'),
  'target.state': certificatePart('state'),
  'target.port': ({ target }) => target?.port,
  'target.scheme': ({ target }) => target?.scheme,
  'target.ssl.enabled': ({ target }) =>
    target?.scheme === undefined ? null : target.scheme === 'https',
  'target.sent.start.timestamp': ({ target }) => target?.sentStart,
  'target.sent.start.time': ({ target }) => targetTime(target?.sentStart),
  'target.sent.end.timestamp': ({ target }) => target?.sentEnd,
  'target.sent.end.time': ({ target }) => targetTime(target?.sentEnd),
  'target.received.start.timestamp': ({ target }) => target?.receivedStart,
  'target.received.start.time': ({ target }) => targetTime(target?.receivedStart),
  'target.received.end.timestamp': ({ target }) => target?.receivedEnd,
  'target.received.end.time': ({ target }) => targetTime(target?.receivedEnd),
  'target.response.status.code': ({ target }) => target?.status,
  'target.received.content.length': ({ target }) => target?.contentLength,
  'loadbalancing.targetserver': ({ target }) => target?.server,
  'loadbalancing.failedservers': ({ target }) =>
    target?.server === undefined ? null : [...target.failedServers],
  'loadbalancing.isfallback': ({ target }) => target?.isFallback,
  'targetserver.name': ({ target }) => target?.server,
};

function targetTime(epochMilliseconds: number | undefined): string | null {
  return epochMilliseconds === undefined ? null : timeText(epochMilliseconds);
}

const table = new Map<string, TransactionVariable>([
  ...builtInVariables,
  ...Object.entries(readOnly).map(([name, read]) => [name, { access: 'read-only', read }] as const),
]);

const propertySetPrefix = 'propertyset.';

/** Property sets hold any number of names, so theirs are worked out when they are asked for. */
function propertySetVariable(name: string): TransactionVariable | undefined {
  const dot = name.indexOf('.', propertySetPrefix.length);
  if (dot < 0) return undefined;
  const set = name.slice(propertySetPrefix.length, dot);
  const key = name.slice(dot + 1);
  return { access: 'read-only', read: (transaction) => transaction.property(set, key) };
}

/** What every transaction through a proxy has without anybody setting it ("Flow variables reference"). */
export const transactionVariables = {
  get: (name: string): TransactionVariable | undefined =>
    table.get(name) ?? (name.startsWith(propertySetPrefix) ? propertySetVariable(name) : undefined),
};
