import type { Report, Severity } from '../diagnostic/diagnostic.ts';
import type { Environment, FlowHook, FlowHookPoint, TargetServer } from '../host/environment.ts';
import { GrowingMaps } from './key-value-maps.ts';
import type { PemFolder } from './pem.ts';
import type { GrowingStores, StoreReading } from './stores.ts';

/** What is known beside the files. What is given here wins over what they say. */
export interface EnvironmentOptions {
  /** Which environment, where a path holds several. */
  readonly name?: string;
  readonly organization?: string;
  readonly serviceAccount?: string;
  /**
   * PEM files may lie anywhere below this folder; by default only below the one that holds the
   * environment. Relative to the process's working directory.
   */
  readonly root?: string;
}

/** An environment while its files are read. */
export interface GrowingEnvironment {
  name: string;
  organization: string | undefined;
  serviceAccount: string | undefined;
  enforceTls: boolean | undefined;
  forwardProxy: string | undefined;
  readonly targetServers: Map<string, TargetServer>;
  readonly stores: GrowingStores;
  readonly references: Map<string, string>;
  readonly flowHooks: Map<FlowHookPoint, FlowHook>;
  readonly keyValueMaps: GrowingMaps;
}

export function growingEnvironment(name: string): GrowingEnvironment {
  return {
    name,
    organization: undefined,
    serviceAccount: undefined,
    enforceTls: undefined,
    forwardProxy: undefined,
    targetServers: new Map(),
    stores: new Map(),
    references: new Map(),
    flowHooks: new Map(),
    keyValueMaps: new GrowingMaps(),
  };
}

export function storeReading(
  { stores }: GrowingEnvironment,
  pem: PemFolder,
  unusable: Severity,
  report: Report,
): StoreReading {
  return { stores, pem, unusable, report };
}

export function finish(grown: GrowingEnvironment, options: EnvironmentOptions): Environment {
  const serviceAccount = options.serviceAccount ?? grown.serviceAccount;
  const keyValueMaps = grown.keyValueMaps.seeds();
  return {
    name: grown.name,
    organization: options.organization ?? grown.organization ?? 'local',
    targetServers: grown.targetServers,
    stores: grown.stores,
    references: grown.references,
    ...(grown.flowHooks.size === 0 ? {} : { flowHooks: grown.flowHooks }),
    ...(keyValueMaps.length === 0 ? {} : { keyValueMaps }),
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
    ...(grown.enforceTls === undefined ? {} : { enforceTls: grown.enforceTls }),
    ...(grown.forwardProxy === undefined ? {} : { forwardProxy: grown.forwardProxy }),
  };
}
