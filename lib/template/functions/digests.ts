import { createHash } from 'node:crypto';
import { ofText, type FunctionTable, type TemplateFunction } from './function.ts';

function digest(algorithm: string, encoding: 'hex' | 'base64'): TemplateFunction {
  return ofText((text) => createHash(algorithm).update(text, 'utf8').digest(encoding));
}

/** Digests of the text's UTF-8 bytes. */
export const digests: FunctionTable = {
  md5Hex: digest('md5', 'hex'),
  md5Base64: digest('md5', 'base64'),
  sha1Hex: digest('sha1', 'hex'),
  sha1Base64: digest('sha1', 'base64'),
  sha256Hex: digest('sha256', 'hex'),
  sha256Base64: digest('sha256', 'base64'),
  sha384Hex: digest('sha384', 'hex'),
  sha384Base64: digest('sha384', 'base64'),
  sha512Hex: digest('sha512', 'hex'),
  sha512Base64: digest('sha512', 'base64'),
};
