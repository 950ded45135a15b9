import { crc32 } from 'node:zlib';
import { fromBufferPromise, getFileNameLowLevel, type Entry, type ZipFile } from 'yauzl';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { SourceLimits } from './limits.ts';
import {
  aboutFile,
  byPath,
  isDebris,
  unreadable,
  type BundleSource,
  type SourceFile,
} from './source.ts';
import { entryNameProblem } from './zip-entry-name.ts';

/**
 * Lists a zip. Nothing is written to disk, and nothing is inflated before it is asked for. Entries
 * with unsafe names, links, encrypted or twofold entries and bombs are reported and left out; an
 * archive whose directory is broken or too large has no files at all.
 */
export async function readZip(
  name: string,
  bytes: Uint8Array,
  limits: SourceLimits,
): Promise<BundleSource> {
  const listing = new ZipListing(name, limits);
  await listing.read(bytes);
  return {
    kind: 'zip',
    name,
    files: [...listing.files.values()].sort(byPath),
    diagnostics: listing.diagnostics,
  };
}

class ZipListing {
  readonly files = new Map<string, SourceFile>();
  readonly diagnostics: Diagnostic[] = [];
  readonly #name: string;
  readonly #limits: SourceLimits;
  /** Names by what they become where upper and lower case are one. */
  readonly #folded = new Map<string, string>();
  #declaredSize = 0;

  constructor(name: string, limits: SourceLimits) {
    this.#name = name;
    this.#limits = limits;
  }

  async read(bytes: Uint8Array): Promise<void> {
    try {
      const zip = await openZip(bytes);
      if (zip.entryCount > this.#limits.archiveEntries) {
        const message = `The archive has ${zip.entryCount} entries; at most ${this.#limits.archiveEntries} are read.`;
        this.#refuseArchive('zip-too-many-entries', message, 'Leave out what is no bundle.');
        return;
      }
      for await (const entry of zip.eachEntry()) this.#list(entry, zip);
    } catch (error) {
      const message = `The archive cannot be read: ${messageOf(error)}.`;
      this.#refuseArchive('malformed-zip', message, 'Create or download it again.');
    }
    if (this.#declaredSize > this.#limits.inflatedSize) {
      const message = `The archive inflates to ${this.#declaredSize} bytes; at most ${this.#limits.inflatedSize} are read.`;
      this.#refuseArchive('zip-too-large', message, 'Leave out what is no bundle.');
    }
  }

  #refuseArchive(code: string, message: string, hint: string): void {
    this.files.clear();
    this.#report('error', code, message, hint);
  }

  #list(entry: Entry, zip: ZipFile): void {
    const path = entryName(entry);
    const shown = `The entry ${JSON.stringify(shortened(path))}`;
    const problem = entryNameProblem(path, this.#limits);
    if (problem !== undefined) {
      const hint = 'Create the archive from inside the folder that holds apiproxy.';
      this.#report('error', 'zip-unsafe-path', `${shown} ${problem}.`, hint);
      return;
    }
    if (isDebris(path)) return;
    const type = fileType(entry);
    if (type === 'other') {
      const message = `${shown} is a link or a special file.`;
      this.#report('error', 'zip-link', message, 'Put a copy of the file in its place.');
      return;
    }
    if (type === 'folder') return;
    this.#noteName(path, shown);
    if (this.files.has(path)) {
      const message = `${shown} is there twice.`;
      this.#report('error', 'zip-duplicate-entry', message, 'Leave one of them.');
      return;
    }
    if (this.#isReadable(entry, shown)) this.#add(path, entry, zip);
  }

  #noteName(path: string, shown: string): void {
    const folded = path.normalize('NFC').toLowerCase();
    const other = this.#folded.get(folded);
    if (other === undefined) {
      this.#folded.set(folded, path);
    } else if (other !== path) {
      const message = `${shown} differs from ${JSON.stringify(shortened(other))} only in upper and lower case.`;
      const hint = 'Rename one: on many disks one replaces the other.';
      this.#report('warning', 'zip-case-collision', message, hint);
    }
  }

  #isReadable(entry: Entry, shown: string): boolean {
    if (entry.isEncrypted()) {
      const hint = 'Create the archive without a password.';
      this.#report('error', 'zip-encrypted', `${shown} is encrypted.`, hint);
      return false;
    }
    if (!entry.canDecodeFileData()) {
      const message = `${shown} is compressed with method ${entry.compressionMethod}, which is not read.`;
      const hint = 'Create the archive with deflate, the usual method.';
      this.#report('error', 'zip-compression-method', message, hint);
      return false;
    }
    const problem = sizeProblem(entry, this.#limits);
    if (problem === undefined) return true;
    this.#report('error', problem.code, `${shown} ${problem.message}.`, problem.hint);
    return false;
  }

  #add(path: string, entry: Entry, zip: ZipFile): void {
    this.#declaredSize += entry.uncompressedSize;
    const name = `${this.#name}!/${path}`;
    this.files.set(path, { path, name, bytes: () => inflate(zip, entry, name) });
  }

  #report(severity: 'error' | 'warning', code: string, message: string, hint: string): void {
    this.diagnostics.push(aboutFile(this.#name, severity, code, message, hint));
  }
}

/**
 * Inflates one entry. The zip library ends a stream that passes the size its entry declares, and the
 * listing has bounded the declared sizes, so no lie about a size costs more than the limits allow.
 */
async function inflate(zip: ZipFile, entry: Entry, name: string): Promise<Uint8Array> {
  try {
    const stream: AsyncIterable<Buffer> = await zip.openReadStreamPromise(entry);
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    if (crc32(bytes) !== entry.crc32) throw new Error('its checksum is wrong');
    return bytes;
  } catch (error) {
    const message = `It cannot be inflated: ${messageOf(error)}.`;
    return unreadable(name, 'malformed-zip', message, 'Create or download it again.');
  }
}

interface SizeProblem {
  readonly code: string;
  /** As the end of a sentence. */
  readonly message: string;
  readonly hint: string;
}

function sizeProblem(
  { uncompressedSize: inflated, compressedSize }: Entry,
  { fileSize, inflationRatio, unratedSize }: SourceLimits,
): SizeProblem | undefined {
  if (inflated > unratedSize && inflated > inflationRatio * compressedSize) {
    return {
      code: 'zip-bomb',
      message: `inflates to more than ${inflationRatio} times its stored size`,
      hint: 'Remove it; no file of a bundle is like this.',
    };
  }
  if (inflated > fileSize) {
    return {
      code: 'file-too-large',
      message: `has more than ${fileSize} bytes`,
      hint: 'Split it.',
    };
  }
  return undefined;
}

async function openZip(bytes: Uint8Array): Promise<ZipFile> {
  // Names stay bytes, so that one bad name is a finding and not the end of the listing.
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const zip = await fromBufferPromise(buffer, { decodeStrings: false, validateEntrySizes: true });
  // eachEntry listens only while it runs; an error event that nobody hears would end the process.
  zip.on('error', () => undefined);
  return zip;
}

function entryName(entry: Entry): string {
  const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
  // Strict: a backslash stays one, for entryNameProblem to see.
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
}

const unixTypeMask = 0o170000;
const unixTypes: ReadonlyMap<number, 'file' | 'folder'> = new Map([
  [0, 'file'],
  [0o100000, 'file'],
  [0o040000, 'folder'],
]);

/** By the Unix mode, which archivers of other systems leave zero, and by the slash at the end. */
function fileType({ externalFileAttributes, fileNameRaw }: Entry): 'file' | 'folder' | 'other' {
  const type = unixTypes.get((externalFileAttributes >>> 16) & unixTypeMask) ?? 'other';
  return type === 'file' && fileNameRaw.at(-1) === 0x2f ? 'folder' : type;
}

/** A name as a message shows it, short enough for a line. */
function shortened(name: string): string {
  return name.length <= 120 ? name : `${name.slice(0, 119)}…`;
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\.$/, '');
}
