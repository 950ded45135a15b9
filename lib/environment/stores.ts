import { diagnosticAt, type Report, type Severity } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import type { KeyAlias, Store } from '../host/environment.ts';
import { asText, expectMap, fieldsOf, namedItems, type Fields, type Named } from './fields.ts';
import type { LocatedMap, LocatedValue } from './located-value.ts';
import {
  certificatesOf,
  checkKeyPair,
  isInlinePem,
  PemError,
  pemText,
  privateKeyOf,
  type PemFolder,
} from './pem.ts';

/** Stores while they are being collected from several files. */
export type GrowingStores = Map<string, GrowingStore>;

interface GrowingStore extends Store {
  readonly aliases: Map<string, KeyAlias>;
  readonly certificates: string[];
}

export interface StoreReading {
  readonly stores: GrowingStores;
  readonly pem: PemFolder;
  /**
   * How bad an unusable certificate is. Apigee's own layouts describe what lies on the server, so
   * there the alias is left out with a warning, and only a call that needs it fails.
   */
  readonly unusable: Severity;
  readonly report: Report;
}

/**
 * Reads key stores and trust stores: a list of `{ name, aliases, certificates }`, or an object keyed by
 * store name. The emulator's own shape of `keystores.json` is not documented, so every plausible one
 * is taken: aliases as a list or keyed by name, PEM inline or by file, certificates without a key.
 */
export async function readStores(value: LocatedValue, reading: StoreReading): Promise<void> {
  for (const item of namedItems(value, 'The key stores', reading.report)) {
    await readStore(item, reading);
  }
}

/**
 * Reads the Maven plugin's list of aliases, `{ alias, keystorename, format, certFilePath, keyFilePath,
 * password }`.
 */
export async function readAliases(value: LocatedValue, reading: StoreReading): Promise<void> {
  for (const { value: item } of namedItems(value, 'The aliases', reading.report)) {
    const map = expectMap(item, 'An alias', reading.report);
    if (map === undefined) continue;
    const store = fieldsOf(map, reading.report).text('keystorename', 'keystore');
    if (store === undefined) {
      report(
        reading,
        map.location,
        'An alias needs the name of its key store.',
        'Add "keystorename".',
      );
      continue;
    }
    await readAlias(map, undefined, storeNamed(store, reading.stores), reading);
  }
}

async function readStore(item: Named, reading: StoreReading): Promise<void> {
  const { value } = item;
  if (value.kind !== 'map') {
    if (item.name === undefined) {
      // A list of names alone is how the management API lists its stores.
      const name = asText(value);
      if (name !== undefined) storeNamed(name, reading.stores);
      return;
    }
    await readTrusted(value, storeNamed(item.name, reading.stores), reading);
    return;
  }
  const fields = fieldsOf(value, reading.report);
  const name = item.name ?? fields.text('name', 'keystorename', 'keystore');
  if (name === undefined) {
    report(reading, value.location, 'A key store needs a name.', 'Add "name".');
    return;
  }
  const store = storeNamed(name, reading.stores);
  const aliases = fields.entry('aliases', 'keyAliases');
  const trusted = fields.entry('certificates', 'certs', 'trustedCertificates');
  if (aliases !== undefined) await readAliasesOf(aliases.value, store, reading);
  if (trusted !== undefined) await readTrusted(trusted.value, store, reading);
  if (aliases !== undefined || trusted !== undefined) return;
  if (fields.entry(...certificateFields) !== undefined) {
    await readAlias(value, fields.text('alias', 'keyAlias', 'aliasName') ?? name, store, reading);
    return;
  }
  // Only aliases are left: `{ main: { certificate, key } }`.
  for (const [alias, entry] of value.entries) {
    if (entry.value.kind === 'map') await readAlias(entry.value, alias, store, reading);
  }
}

async function readAliasesOf(
  value: LocatedValue,
  store: GrowingStore,
  reading: StoreReading,
): Promise<void> {
  for (const item of namedItems(value, `The aliases of "${store.name}"`, reading.report)) {
    if (item.value.kind === 'map') await readAlias(item.value, item.name, store, reading);
    else if (item.name !== undefined) await readTrusted(item.value, store, reading);
  }
}

const certificateFields = [
  'certificate',
  'cert',
  'certFile',
  'certFilePath',
  'certificateFile',
  'certificatePath',
  'certPath',
  'pem',
  'pemFile',
  'filePath',
  'file',
];
const keyFields = [
  'key',
  'privateKey',
  'keyFile',
  'keyFilePath',
  'privateKeyFile',
  'privateKeyPath',
  'keyPath',
];

async function readAlias(
  map: LocatedMap,
  givenName: string | undefined,
  store: GrowingStore,
  reading: StoreReading,
): Promise<void> {
  const fields = fieldsOf(map, reading.report);
  const name = givenName ?? fields.text('alias', 'aliasName', 'name', 'keyAlias');
  if (name === undefined) {
    report(reading, map.location, `An alias of "${store.name}" needs a name.`, 'Add "alias".');
    return;
  }
  const format = fields.text('format')?.toLowerCase();
  if (format === 'pkcs12' || format === 'keycertjar' || format === 'selfsignedcert') {
    const message = `The alias "${name}" of "${store.name}" has format ${format}, which is not read.`;
    const hint = 'Give its certificate and key as PEM.';
    reading.report(diagnosticAt(map.location, 'warning', 'unreadable-alias', message, hint));
    return;
  }
  try {
    await addAlias(fields, name, store, reading.pem);
  } catch (error) {
    if (!(error instanceof PemError)) throw error;
    const where = `The alias "${name}" of "${store.name}"`;
    report(reading, map.location, `${where} is unusable: ${error.message}`, error.hint);
  }
}

/** @throws {PemError} */
async function addAlias(
  fields: Fields,
  name: string,
  store: GrowingStore,
  folder: PemFolder,
): Promise<void> {
  const certificateSource = fields.text(...certificateFields);
  const keySource = fields.text(...keyFields);
  const passphrase = fields.text('passphrase', 'password', 'keyPassword');
  if (certificateSource === undefined) {
    throw new PemError('It has no certificate.', 'Add "certificate": PEM, or the name of a file.');
  }
  const pem = await pemText(certificateSource, folder);
  const chain = certificatesOf(pem);
  const [leaf] = chain;
  if (leaf === undefined) {
    throw new PemError('No certificate is in it.', 'Give a CERTIFICATE block.');
  }
  const key = privateKeyOf(keySource === undefined ? pem : await pemText(keySource, folder));
  if (key === undefined) {
    if (keySource !== undefined) {
      throw new PemError('No private key is in it.', 'Give a PRIVATE KEY block.');
    }
    store.certificates.push(...chain);
    return;
  }
  checkKeyPair(key, leaf, passphrase);
  const alias = { key, certificate: chain.join('') };
  store.aliases.set(name, passphrase === undefined ? alias : { ...alias, passphrase });
}

async function readTrusted(
  value: LocatedValue,
  store: GrowingStore,
  reading: StoreReading,
): Promise<void> {
  const items = value.kind === 'list' ? value.items : [value];
  for (const item of items) {
    if (item.kind === 'map') {
      await readAlias(item, `certificate ${store.certificates.length + 1}`, store, reading);
      continue;
    }
    const text = asText(item);
    if (text === undefined) continue;
    // The management API lists certificates by name; those are not files.
    if (reading.unusable !== 'error' && !isInlinePem(text) && !/\.(pem|crt|cer)$/i.test(text)) {
      continue;
    }
    try {
      const certificates = certificatesOf(await pemText(text, reading.pem));
      if (certificates.length === 0) {
        throw new PemError('No certificate is in it.', 'Give a CERTIFICATE block.');
      }
      store.certificates.push(...certificates);
    } catch (error) {
      if (!(error instanceof PemError)) throw error;
      const what = `A certificate of "${store.name}" is unusable: ${error.message}`;
      report(reading, item.location, what, error.hint);
    }
  }
}

function storeNamed(name: string, stores: GrowingStores): GrowingStore {
  const found = stores.get(name);
  if (found !== undefined) return found;
  const store: GrowingStore = { name, aliases: new Map(), certificates: [] };
  stores.set(name, store);
  return store;
}

function report(reading: StoreReading, location: Location, message: string, hint: string): void {
  reading.report(diagnosticAt(location, reading.unusable, 'unusable-store', message, hint));
}
