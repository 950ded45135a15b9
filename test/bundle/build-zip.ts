import { crc32, deflateRawSync } from 'node:zlib';

/** One entry of a zip. Whatever is given beside its name and content makes the archive lie. */
export interface ZipEntry {
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** Default: deflate. */
  readonly method?: 'stored' | 'deflated' | 'bzip2';
  /** Unix mode, as in `ls`. Default: a file. */
  readonly mode?: number;
  readonly encrypted?: true;
  readonly declaredSize?: number;
  readonly declaredChecksum?: number;
  /** What is stored, in place of the compressed content. */
  readonly stored?: Uint8Array;
}

export interface ZipShape {
  /** Number of entries that the end of the archive states. Default: the true one. */
  readonly declaredEntries?: number;
}

export const symbolicLink = 0o120777;

const methods = { stored: 0, deflated: 8, bzip2: 12 } as const;
const utf8Names = 0x800;

/** A zip, byte by byte, so that a test can build what no archiver would. */
export function buildZip(entries: readonly ZipEntry[], shape: ZipShape = {}): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { name, content = '', method = 'deflated', mode = 0o100644 } = entry;
    const bytes = Buffer.from(content);
    const data = Buffer.from(entry.stored ?? (method === 'stored' ? bytes : deflateRawSync(bytes)));
    const nameBytes = Buffer.from(name);

    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(utf8Names | (entry.encrypted === true ? 1 : 0), 2);
    fields.writeUInt16LE(methods[method], 4);
    fields.writeUInt32LE(entry.declaredChecksum ?? crc32(bytes), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(entry.declaredSize ?? bytes.length, 18);
    fields.writeUInt16LE(nameBytes.length, 22);

    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, nameBytes, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    const madeByUnix = Buffer.from([20, 3]);
    directory.push(Buffer.from('PK\x01\x02'), madeByUnix, fields, tail, nameBytes);
    locals.push(local);
    offset += local.length;
  }
  const directoryBytes = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(shape.declaredEntries ?? entries.length, 4);
  end.writeUInt16LE(shape.declaredEntries ?? entries.length, 6);
  end.writeUInt32LE(directoryBytes.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directoryBytes, Buffer.from('PK\x05\x06'), end]);
}
