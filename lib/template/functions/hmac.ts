import { createHmac } from 'node:crypto';
import { TemplateFunctionError } from '../function-error.ts';
import type { FunctionTable, TemplateFunction } from './function.ts';
import { converted } from './prepared.ts';

type KeyEncoding = 'hex' | 'base64' | 'utf-8';
type OutputEncoding = 'hex' | 'base64';

function keyEncoding(text: string): KeyEncoding {
  switch (text.toLowerCase()) {
    case 'hex':
    case 'base16':
      return 'hex';
    case 'base64':
      return 'base64';
    case 'utf-8':
      return 'utf-8';
    default:
      throw new RangeError('the key encoding is none of hex, base16, base64 and utf-8');
  }
}

function outputEncoding(text: string): OutputEncoding {
  switch (text.toLowerCase()) {
    case 'hex':
    case 'base16':
      return 'hex';
    case 'base64':
      return 'base64';
    default:
      throw new RangeError('the output encoding is none of hex, base16 and base64');
  }
}

const hexText = /^(?:[0-9A-Fa-f]{2})+$/;
const base64Text = /^[A-Za-z0-9+/]+={0,2}$/;

function keyBytes(name: string, text: string, encoding: KeyEncoding): Buffer {
  if (text === '') throw new TemplateFunctionError(name, 'the key is empty');
  if (encoding === 'hex' && !hexText.test(text)) {
    throw new TemplateFunctionError(name, 'the key is not hexadecimal');
  }
  if (encoding === 'base64' && !base64Text.test(text)) {
    throw new TemplateFunctionError(name, 'the key is not base64');
  }
  return Buffer.from(text, encoding);
}

function hmac(algorithm: string): TemplateFunction {
  return {
    least: 2,
    most: 4,
    compile(call) {
      const [key, value, encodingOfKey, encodingOfOutput] = call.arguments;
      if (key === undefined || value === undefined) return '';
      const readKeyEncoding = encodingOfKey && converted(call, encodingOfKey, keyEncoding);
      const readOutputEncoding =
        encodingOfOutput && converted(call, encodingOfOutput, outputEncoding);
      return (flow, onUnresolved) => {
        const keyText = key.text(flow, onUnresolved);
        const valueText = value.text(flow, onUnresolved);
        const encoding = readKeyEncoding?.(flow, onUnresolved) ?? 'utf-8';
        const output = readOutputEncoding?.(flow, onUnresolved) ?? 'base64';
        const bytes = keyBytes(call.name, keyText, encoding);
        return createHmac(algorithm, bytes).update(valueText, 'utf8').digest(output);
      };
    },
  };
}

/**
 * Keyed digests: `(key, value[, keyEncoding[, outputEncoding]])`. The key is read as UTF-8 and the
 * digest written in base64 unless said otherwise. An empty key is a fault, as it is in Java.
 */
export const hmacs: FunctionTable = {
  hmacMd5: hmac('md5'),
  hmacSha1: hmac('sha1'),
  hmacSha224: hmac('sha224'),
  hmacSha256: hmac('sha256'),
  hmacSha384: hmac('sha384'),
  hmacSha512: hmac('sha512'),
};
