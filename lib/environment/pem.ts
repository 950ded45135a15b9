import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';

/** Where PEM files are looked for: relative to `folder`, and never outside of `root`. */
export interface PemFolder {
  readonly folder: string;
  readonly root: string;
}

const largestPemFile = 1024 * 1024;

/** Why a certificate or key cannot be used, and how to mend it. Never holds the key itself. */
export class PemError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = 'PemError';
    this.hint = hint;
  }
}

export function isInlinePem(text: string): boolean {
  return text.includes('-----BEGIN ');
}

/**
 * The PEM text itself, or that of the file it names. A path may not leave the root, by `..`, as an
 * absolute path or through a link: an environment that came with a repository reads nothing else.
 * @throws {PemError}
 */
export async function pemText(text: string, { folder, root }: PemFolder): Promise<string> {
  if (isInlinePem(text)) return text;
  const unreadable = (why: string, hint: string) => new PemError(`"${text}" ${why}`, hint);
  if (text.includes('\0')) throw unreadable('is not a file name.', 'Name a PEM file.');
  try {
    const file = await realpath(resolve(folder, text));
    const way = relative(await realpath(root), file);
    if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) {
      throw unreadable(
        'lies outside of the environment.',
        'Move it below, or hold the PEM inline.',
      );
    }
    const { size, isFile } = await describe(file);
    if (!isFile) throw unreadable('is not a file.', 'Name a PEM file.');
    if (size > largestPemFile) throw unreadable('is too large for a PEM file.', 'Name a PEM file.');
    const content = await readFile(file, 'utf8');
    if (!isInlinePem(content)) {
      throw unreadable('holds no PEM block.', 'Convert it, e.g. openssl pkcs12 -in FILE -nodes.');
    }
    return content;
  } catch (error) {
    if (error instanceof PemError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw unreadable(`cannot be read (${code}).`, 'Check that the file exists and is readable.');
  }
}

async function describe(file: string) {
  const found = await stat(file);
  return { size: found.size, isFile: found.isFile() };
}

/**
 * The certificates of a PEM text, each by itself, leaf first as written.
 * @throws {PemError} if one of them cannot be parsed
 */
export function certificatesOf(pem: string): readonly string[] {
  const blocks = blocksOf(pem).filter((block) => /^-----BEGIN (X509 |TRUSTED )?CERT/.test(block));
  for (const block of blocks) parseCertificate(block);
  return blocks;
}

/** The first private key block of a PEM text. */
export function privateKeyOf(pem: string): string | undefined {
  return blocksOf(pem).find((block) => /^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(block));
}

/**
 * Checks that the key opens and belongs to the first certificate of its chain.
 * @throws {PemError}
 */
export function checkKeyPair(key: string, leaf: string, passphrase: string | undefined): void {
  if (!parseCertificate(leaf).checkPrivateKey(openKey(key, passphrase))) {
    throw new PemError(
      'The private key does not belong to the certificate.',
      'Put the certificate of this key first in its chain.',
    );
  }
}

function parseCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new PemError('A certificate cannot be parsed.', 'Export it again as PEM.');
  }
}

function openKey(key: string, passphrase: string | undefined): KeyObject {
  try {
    return createPrivateKey(passphrase === undefined ? { key } : { key, passphrase });
  } catch {
    // The library's own text may quote what it read.
    throw new PemError(
      'The private key cannot be opened.',
      'Check that it is PEM and that its passphrase is right.',
    );
  }
}

function blocksOf(pem: string): readonly string[] {
  const blocks: string[] = [];
  let block: string[] | undefined;
  for (const line of pem.split(/\r?\n/).map((each) => each.trim())) {
    if (line.startsWith('-----BEGIN ')) block = [];
    block?.push(line);
    if (line.startsWith('-----END ') && block !== undefined) {
      blocks.push(`${block.join('\n')}\n`);
      block = undefined;
    }
  }
  return blocks;
}
