import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import { fieldsOf, namedItems } from './fields.ts';
import { readFlowHooks } from './flow-hooks.ts';
import { storeReading, type GrowingEnvironment } from './growing-environment.ts';
import { readKeyValueMaps, type MapOwner } from './key-value-maps.ts';
import type { LocatedMap, LocatedValue } from './located-value.ts';
import type { PemFolder } from './pem.ts';
import { readReferences } from './references.ts';
import { readAliases, readStores } from './stores.ts';
import { readTargetServers } from './target-servers.ts';

/** The kinds of entity that an Apigee environment holds and this program needs. */
export type EntityKind =
  | 'targetservers'
  | 'keystores'
  | 'truststores'
  | 'aliases'
  | 'references'
  | 'featureflags'
  | 'flowhooks'
  | 'kvms'
  | 'maps'
  | 'deployments';

const kinds: readonly EntityKind[] = [
  'targetservers',
  'keystores',
  'truststores',
  'aliases',
  'references',
  'featureflags',
  'flowhooks',
  'kvms',
  'maps',
  'deployments',
];

/** The kind a name stands for, in any case: a field of edge.json, or a file name without extension. */
export function entityKind(name: string): EntityKind | undefined {
  return kinds.find((kind) => kind === name.toLowerCase());
}

/**
 * The kind of entity that a file of the emulator's or the Maven plugin's layout holds; the plugin
 * merges files with a suffix, such as `targetServers-backend.json`. Others are not ours to read.
 */
export function entityKindOfFile(file: string): EntityKind | undefined {
  const stem = /^([a-z]+)(?:-.*)?\.(?:json|ya?ml)$/i.exec(file)?.[1];
  return stem === undefined ? undefined : entityKind(stem);
}

/** Reads one collection of entities in the form of Apigee's management API. */
export async function readEntities(
  kind: EntityKind,
  value: LocatedValue,
  environment: GrowingEnvironment,
  pem: PemFolder,
  report: Report,
): Promise<void> {
  switch (kind) {
    case 'targetservers':
      readTargetServers(
        unwrap(value, 'targetServers'),
        environment.targetServers,
        'ignore',
        report,
      );
      return;
    case 'keystores':
    case 'truststores': {
      const stores = unwrap(value, kind === 'keystores' ? 'keystores' : 'truststores');
      await readStores(stores, storeReading(environment, pem, 'warning', report));
      return;
    }
    case 'aliases':
      await readAliases(
        unwrap(value, 'aliases'),
        storeReading(environment, pem, 'warning', report),
      );
      return;
    case 'references':
      readReferences(unwrap(value, 'references'), environment.references, report);
      return;
    case 'featureflags':
      readFeatureFlags(value, environment, report);
      return;
    case 'flowhooks':
      readFlowHooks(unwrap(value, 'flowhooks'), environment.flowHooks, report);
      return;
    case 'kvms':
    case 'maps': {
      const owner: MapOwner = { scope: 'environment', environment: environment.name };
      readKeyValueMaps(unwrap(value, kind), owner, environment.keyValueMaps, report);
      return;
    }
    case 'deployments':
      readServiceAccount(value, environment, report);
  }
}

/** Some tools write `{ "targetServers": [...] }` where others write the list alone. */
function unwrap(value: LocatedValue, name: string): LocatedValue {
  if (value.kind !== 'map' || value.entries.size !== 1) return value;
  const [[written, entry] = []] = value.entries;
  return written?.toLowerCase() === name.toLowerCase() && entry?.value.kind === 'list'
    ? entry.value
    : value;
}

const enforceFlag = 'features.SSLInfo.Enforce';

/** `{ "features.SSLInfo.Enforce": "true" }`, alone or among properties as the management API has them. */
function readFeatureFlags(
  value: LocatedValue,
  environment: GrowingEnvironment,
  report: Report,
): void {
  if (value.kind !== 'map') return;
  const direct = fieldsOf(value, report).flag(enforceFlag);
  if (direct !== undefined) {
    environment.enforceTls = direct;
    return;
  }
  const properties = mapIn(value, 'properties');
  const list = properties?.entries.get('property')?.value;
  if (list?.kind !== 'list') return;
  for (const item of list.items) {
    if (item.kind !== 'map') continue;
    const fields = fieldsOf(item, report);
    if (fields.text('name') === enforceFlag) environment.enforceTls = fields.flag('value');
  }
}

function mapIn(map: LocatedMap, name: string): LocatedMap | undefined {
  const value = map.entries.get(name)?.value;
  return value?.kind === 'map' ? value : undefined;
}

/** `deployments.json` may name a service account for each proxy; here one serves the environment. */
function readServiceAccount(
  value: LocatedValue,
  environment: GrowingEnvironment,
  report: Report,
): void {
  if (value.kind !== 'map') return;
  const proxies = value.entries.get('proxies');
  if (proxies === undefined) return;
  const accounts = new Set<string>();
  for (const { value: item } of namedItems(proxies.value, 'The proxies', report)) {
    if (item.kind !== 'map') continue;
    const account = fieldsOf(item, report).text('serviceAccount');
    if (account !== undefined) accounts.add(account);
  }
  const [account] = accounts;
  if (accounts.size > 1) {
    const message = 'The deployments name several service accounts; none is used.';
    const hint = 'Give the service account of the proxy under test as an option.';
    report(diagnosticAt(proxies.location, 'warning', 'several-service-accounts', message, hint));
    return;
  }
  environment.serviceAccount = account;
}
