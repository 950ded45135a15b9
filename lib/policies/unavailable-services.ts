import type { PolicyServices } from './policy-type.ts';

/** Services of a policy that is compiled only to be checked. It never runs. */
const unavailable = (): never => {
  throw new Error('This policy was compiled to be checked, not to be run');
};

export const unavailableServices: PolicyServices = {
  transport: {
    send: unavailable,
    stream: unavailable,
    reach: unavailable,
    close: () => Promise.resolve(),
  },
  tokens: { accessToken: unavailable, idToken: unavailable },
  localProxies: { call: unavailable },
  background: { start: unavailable, settled: () => Promise.resolve() },
  state: {
    maps: { get: unavailable, put: unavailable, delete: unavailable, seed: unavailable },
    caches: {
      get: unavailable,
      put: unavailable,
      delete: unavailable,
      deletePrefix: unavailable,
    },
    counters: {
      shared: { charge: unavailable, giveBack: unavailable, take: unavailable },
      local: { charge: unavailable, giveBack: unavailable, take: unavailable },
    },
    close: () => Promise.resolve(),
  },
  messageLog: { write: unavailable },
  statistics: { record: unavailable },
  dataCapture: { capture: unavailable },
  publisher: { publish: unavailable },
  entities: { find: unavailable },
};
