import { createHash } from 'node:crypto';
import { compileDatePattern, DatePatternError } from '../../java/simple-date-format.ts';
import { ScriptCallError } from '../../script/sandbox.ts';

const algorithms: ReadonlyMap<string, string> = new Map([
  ['MD5', 'md5'],
  ['SHA-1', 'sha1'],
  ['SHA-256', 'sha256'],
  ['SHA-512', 'sha512'],
]);

/** The digest of a text's UTF-8; `method` is an algorithm and an encoding, such as `SHA-256 hex`. */
export function digestOf(method: string, text: string): string {
  const [name = '', encoding] = method.split(' ', 2);
  const algorithm = algorithms.get(name);
  if (algorithm === undefined) throw new ScriptCallError(`There is no hash ${name}`);
  return createHash(algorithm)
    .update(text, 'utf8')
    .digest(encoding === 'base64' ? 'base64' : 'hex');
}

/** A date by a pattern of SimpleDateFormat; `parameters` is the JSON of a zone and milliseconds, or nulls. */
export function dateText(pattern: string, parameters: string, now: number): string {
  const [zone, milliseconds] = JSON.parse(parameters) as [unknown, unknown];
  try {
    const time = typeof milliseconds === 'number' ? milliseconds : now;
    return compileDatePattern(pattern)(time, typeof zone === 'string' ? zone : 'UTC');
  } catch (error) {
    if (error instanceof DatePatternError || error instanceof RangeError) {
      throw new ScriptCallError(error.message);
    }
    throw error;
  }
}
