/** TLS settings of a target server, as its entity gives them; stores are names or `ref://` names. */
export interface TargetServerTls {
  readonly enabled: boolean;
  readonly enforce: boolean;
  readonly clientAuthEnabled: boolean;
  readonly keyStore?: string;
  readonly keyAlias?: string;
  readonly trustStore?: string;
  readonly ignoreValidationErrors: boolean;
  /** Empty means all. */
  readonly ciphers: readonly string[];
  /** Empty means all. */
  readonly protocols: readonly string[];
  readonly commonName?: string;
  readonly commonNameWildcard: boolean;
}

/** Apigee's TargetServer entity ("Load balancing across backend servers"). */
export interface TargetServer {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly isEnabled: boolean;
  readonly protocol: string;
  readonly tls?: TargetServerTls;
}

/** A private key with its certificate chain, both PEM. */
export interface KeyAlias {
  readonly key: string;
  readonly certificate: string;
  readonly passphrase?: string;
}

/** A key store or trust store: aliases with keys, and certificates (PEM) that are trusted. */
export interface Store {
  readonly name: string;
  readonly aliases: ReadonlyMap<string, KeyAlias>;
  readonly certificates: readonly string[];
}

export const flowHookPoints = [
  'PreProxyFlowHook',
  'PreTargetFlowHook',
  'PostTargetFlowHook',
  'PostProxyFlowHook',
] as const;

export type FlowHookPoint = (typeof flowHookPoints)[number];

/** A shared flow that runs for every proxy of the environment ("Attaching a shared flow to a flow hook"). */
export interface FlowHook {
  readonly sharedFlow: string;
  /** Whether a proxy goes on after a fault in the shared flow. */
  readonly continueOnError: boolean;
}

/** Entries that a key-value map has from the start. */
export interface KeyValueMapSeed {
  readonly scope: 'organization' | 'environment' | 'apiproxy';
  /** The proxy whose map it is, where the scope is `apiproxy`. */
  readonly proxy?: string;
  readonly name: string;
  /** Values by key. */
  readonly entries: ReadonlyMap<string, readonly string[]>;
}

/** What one Apigee environment holds, as far as the runtime needs it. */
export interface Environment {
  readonly name: string;
  readonly organization: string;
  readonly targetServers: ReadonlyMap<string, TargetServer>;
  readonly stores: ReadonlyMap<string, Store>;
  /** Reference name to store name; `ref://NAME` reads it. */
  readonly references: ReadonlyMap<string, string>;
  readonly flowHooks?: ReadonlyMap<FlowHookPoint, FlowHook>;
  /** By name; `propertyset.NAME.KEY` reads them. Proxies look in their own first. */
  readonly propertySets?: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Resource files of the environment, by URL such as `jsc://dates.js`. Proxies look in their own first. */
  readonly resources?: ReadonlyMap<string, Uint8Array>;
  /** Entries of key-value maps; those that a store has already stay as they are. */
  readonly keyValueMaps?: readonly KeyValueMapSeed[];
  /** The deployment's service account, which `<Authentication>` needs. */
  readonly serviceAccount?: string;
  /** Environment flag `features.SSLInfo.Enforce`; overrides every SSLInfo's own `Enforce` when set. */
  readonly enforceTls?: boolean;
  /** `host:port` of a forward proxy that targets with `use.proxy` go through. */
  readonly forwardProxy?: string;
}

export const emptyEnvironment: Environment = {
  name: 'test',
  organization: 'local',
  targetServers: new Map(),
  stores: new Map(),
  references: new Map(),
};
