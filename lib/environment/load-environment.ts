import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { DeploymentError } from '../diagnostic/deployment-error.ts';
import { diagnosticAt, type Diagnostic, type Report } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import type { Environment } from '../host/environment.ts';
import { entityKind, entityKindOfFile, readEntities } from './apigee-folder.ts';
import { readEnvironmentFile } from './environment-file.ts';
import {
  finish,
  growingEnvironment,
  type EnvironmentOptions,
  type GrowingEnvironment,
} from './growing-environment.ts';
import { readKeyValueMaps, type MapOwner } from './key-value-maps.ts';
import {
  longestDocument,
  parseLocated,
  type LocatedMap,
  type LocatedValue,
} from './located-value.ts';
import type { PemFolder } from './pem.ts';

export interface LoadedEnvironment {
  readonly environment: Environment;
  /** Warnings and infos; errors are thrown. */
  readonly diagnostics: Diagnostic[];
}

/**
 * Loads what one Apigee environment holds, from any of
 * - an environment file of our own, YAML or JSON (schemas/environment.schema.json),
 * - a folder in the emulator's layout (`targetservers.json`, `keystores.json`, ...),
 * - a workspace with `src/main/apigee/environments/NAME`,
 * - the Maven configuration plugin's `edge.json`, or its folder with `env/NAME/targetServers.json`.
 *
 * @throws {DeploymentError} when something is missing, unreadable or malformed, with every finding
 */
export async function loadEnvironment(
  path: string,
  options: EnvironmentOptions = {},
): Promise<LoadedEnvironment> {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => diagnostics.push(diagnostic);
  const environment = await readPath(path, options, report);
  if (environment === undefined || diagnostics.some(({ severity }) => severity === 'error')) {
    throw new DeploymentError(diagnostics);
  }
  return { environment: finish(environment, options), diagnostics };
}

async function readPath(
  path: string,
  options: EnvironmentOptions,
  report: Report,
): Promise<GrowingEnvironment | undefined> {
  const kind = await kindOf(path);
  if (kind === 'file') return readSingleFile(path, options, report);
  if (kind === 'folder') return readFolder(path, options, report);
  const message = kind === 'missing' ? 'There is no such file or folder.' : 'It cannot be read.';
  const hint = 'Give an environment file, an environment folder or a workspace.';
  report(diagnosticAt(startOf(path), 'error', 'environment-not-found', message, hint));
  return undefined;
}

async function readSingleFile(
  file: string,
  options: EnvironmentOptions,
  report: Report,
): Promise<GrowingEnvironment | undefined> {
  const value = await readDocument(file, report);
  if (value === undefined) return undefined;
  if (value.kind !== 'map') {
    const message = 'An environment must be an object with named fields.';
    const hint = 'Write e.g. "targetServers:" with servers below it.';
    report(diagnosticAt(value.location, 'error', 'invalid-value', message, hint));
    return undefined;
  }
  const pem = pemFolder(dirname(file), options);
  if (value.entries.has('envConfig')) return readEdgeJson(value, options, pem, report);
  const environment = growingEnvironment(basename(file, extname(file)));
  await readEnvironmentFile(value, environment, pem, report);
  // A file holds one environment, so a name that is asked for only says what to call it.
  environment.name = options.name ?? environment.name;
  return environment;
}

async function readEdgeJson(
  { entries, location }: LocatedMap,
  options: EnvironmentOptions,
  pem: PemFolder,
  report: Report,
): Promise<GrowingEnvironment | undefined> {
  const config = entries.get('envConfig');
  const environments =
    config?.value.kind === 'map' ? config.value.entries : new Map<string, never>();
  const at = config?.location ?? location;
  const name = chooseName([...environments.keys()], options.name, at, report);
  if (name === undefined) return undefined;
  const environment = growingEnvironment(name);
  readEdgeMaps(entries, environment, report);
  const value = environments.get(name)?.value;
  if (value?.kind !== 'map') return environment;
  for (const [field, entry] of value.entries) {
    const kind = entityKind(field);
    if (kind !== undefined) await readEntities(kind, entry.value, environment, pem, report);
  }
  return environment;
}

/** Key-value maps of the organization and of its proxies stand beside the environments. */
function readEdgeMaps(
  entries: LocatedMap['entries'],
  { name, keyValueMaps }: GrowingEnvironment,
  report: Report,
): void {
  const read = (holder: LocatedValue | undefined, owner: Omit<MapOwner, 'environment'>): void => {
    const maps = holder?.kind === 'map' ? holder.entries.get('kvms')?.value : undefined;
    if (maps === undefined) return;
    readKeyValueMaps(maps, { ...owner, environment: name }, keyValueMaps, report);
  };
  read(entries.get('orgConfig')?.value, { scope: 'organization' });
  const proxies = entries.get('apiConfig')?.value;
  if (proxies?.kind !== 'map') return;
  for (const [proxy, { value }] of proxies.entries) read(value, { scope: 'apiproxy', proxy });
}

/** As `readEdgeMaps`, for the folders `org` and `api/PROXY` beside `env`. */
async function readFolderMaps(
  folder: string,
  { name, keyValueMaps }: GrowingEnvironment,
  report: Report,
): Promise<void> {
  const read = async (place: string, owner: Omit<MapOwner, 'environment'>): Promise<void> => {
    if ((await kindOf(place)) !== 'folder') return;
    for (const file of entityFiles(await entriesOf(place, report))) {
      if (entityKindOfFile(file) !== 'kvms') continue;
      const value = await readDocument(join(place, file), report);
      if (value === undefined) continue;
      readKeyValueMaps(value, { ...owner, environment: name }, keyValueMaps, report);
    }
  };
  await read(join(folder, 'org'), { scope: 'organization' });
  const proxies = join(folder, 'api');
  if ((await kindOf(proxies)) !== 'folder') return;
  for (const entry of await entriesOf(proxies, report)) {
    if (entry.isDirectory()) {
      await read(join(proxies, entry.name), { scope: 'apiproxy', proxy: entry.name });
    }
  }
}

async function readFolder(
  folder: string,
  options: EnvironmentOptions,
  report: Report,
): Promise<GrowingEnvironment | undefined> {
  for (const inner of [join('src', 'main', 'apigee', 'environments'), 'environments', 'env']) {
    const all = join(folder, inner);
    if ((await kindOf(all)) !== 'folder') continue;
    const folders = (await entriesOf(all, report)).filter((entry) => entry.isDirectory());
    const names = folders.map(({ name }) => name).sort();
    const name = chooseName(names, options.name, startOf(all), report);
    if (name === undefined) return undefined;
    const environment = growingEnvironment(name);
    if (inner === 'env') await readFolderMaps(folder, environment, report);
    return readEntityFiles(join(all, name), environment, options, report);
  }
  const edgeJson = join(folder, 'edge.json');
  if ((await kindOf(edgeJson)) === 'file') return readSingleFile(edgeJson, options, report);
  const environment = growingEnvironment(options.name ?? basename(resolve(folder)));
  return readEntityFiles(folder, environment, options, report);
}

async function readEntityFiles(
  folder: string,
  environment: GrowingEnvironment,
  options: EnvironmentOptions,
  report: Report,
): Promise<GrowingEnvironment> {
  const files = entityFiles(await entriesOf(folder, report));
  for (const file of files) {
    const kind = entityKindOfFile(file);
    const path = join(folder, file);
    if (kind === undefined) continue;
    const value = await readDocument(path, report);
    if (value === undefined) continue;
    await readEntities(kind, value, environment, pemFolder(folder, options), report);
  }
  if (files.length === 0) {
    const message = 'The folder holds none of the files of an environment.';
    const hint = 'Expected targetservers.json, keystores.json, references.json or the like.';
    report(diagnosticAt(startOf(folder), 'warning', 'empty-environment', message, hint));
  }
  return environment;
}

/** Base files come before those with a suffix, so that the suffixed ones win. */
function entityFiles(entries: readonly Dirent[]): readonly string[] {
  return entries
    .filter((entry) => !entry.isDirectory() && entityKindOfFile(entry.name) !== undefined)
    .map(({ name }) => name)
    .sort((one, other) => one.length - other.length || (one < other ? -1 : 1));
}

function chooseName(
  names: readonly string[],
  wanted: string | undefined,
  at: Location,
  report: Report,
): string | undefined {
  const [only] = names;
  if (wanted !== undefined && names.includes(wanted)) return wanted;
  if (wanted === undefined && names.length === 1) return only;
  const held = names.length === 0 ? 'There are none.' : `There are: ${names.join(', ')}.`;
  const message =
    wanted === undefined
      ? `Which environment to use is not clear. ${held}`
      : `There is no environment "${wanted}". ${held}`;
  const hint = names.length === 0 ? 'Add an environment.' : 'Name one of them.';
  report(diagnosticAt(at, 'error', 'environment-not-found', message, hint));
  return undefined;
}

async function readDocument(file: string, report: Report): Promise<LocatedValue | undefined> {
  let text: string;
  try {
    const { size } = await stat(file);
    if (size > longestDocument) {
      const message = `The file is longer than ${longestDocument} bytes.`;
      const hint = 'Split it, or name PEM files instead of holding them.';
      report(diagnosticAt(startOf(file), 'error', 'malformed-document', message, hint));
      return undefined;
    }
    text = await readFile(file, 'utf8');
  } catch (error) {
    report(unreadable(file, error));
    return undefined;
  }
  return parseLocated(text, file, report);
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'missing' | 'unreadable'> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return 'folder';
    // A pipe or a device may never end.
    return found.isFile() ? 'file' : 'unreadable';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable';
  }
}

async function entriesOf(folder: string, report: Report): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    report(unreadable(folder, error));
    return [];
  }
}

function unreadable(path: string, error: unknown): Diagnostic {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  const message = `It cannot be read (${code}).`;
  return diagnosticAt(startOf(path), 'error', 'unreadable-file', message, 'Check its permissions.');
}

function pemFolder(folder: string, { root }: EnvironmentOptions): PemFolder {
  return { folder, root: root ?? folder };
}

function startOf(file: string): Location {
  return { file, line: 1, column: 1 };
}
