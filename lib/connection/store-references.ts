import type { Environment, KeyAlias, Store } from '../host/environment.ts';

type Stores = Pick<Environment, 'stores' | 'references' | 'name'>;

/** Something that TLS settings name and the environment does not hold. `reason` is one sentence. */
export interface Missing {
  readonly kind: 'missing';
  readonly reason: string;
}

export type FoundStore = { readonly kind: 'found'; readonly store: Store } | Missing;
export type FoundKey = { readonly kind: 'found'; readonly key: KeyAlias } | Missing;

const scheme = 'ref://';

/**
 * Finds the key store or trust store that a `KeyStore` or `TrustStore` element names: by its own name,
 * or as `ref://NAME` through a reference of the environment.
 */
export function findStore(text: string, { stores, references, name: where }: Stores): FoundStore {
  const named = text.trim();
  if (!named.startsWith(scheme)) {
    const store = stores.get(named);
    if (store !== undefined) return { kind: 'found', store };
    return missing(`The environment "${where}" has no key store or trust store "${named}".`);
  }
  const reference = named.slice(scheme.length);
  const refers = references.get(reference);
  if (refers === undefined) {
    return missing(`The environment "${where}" has no reference "${reference}".`);
  }
  const store = stores.get(refers);
  if (store !== undefined) return { kind: 'found', store };
  return missing(
    `The reference "${reference}" refers to the store "${refers}", ` +
      `which the environment "${where}" does not have.`,
  );
}

/** Finds the key and certificate that `KeyStore` and `KeyAlias` name. An alias is never a reference. */
export function findKey(keyStore: string, keyAlias: string, environment: Stores): FoundKey {
  const found = findStore(keyStore, environment);
  if (found.kind === 'missing') return found;
  const { store } = found;
  const key = store.aliases.get(keyAlias.trim());
  if (key !== undefined) return { kind: 'found', key };
  return missing(`The key store "${store.name}" has no key with the alias "${keyAlias.trim()}".`);
}

export function missing(reason: string): Missing {
  return { kind: 'missing', reason };
}
