import type { BodyInit } from './case.ts';

/** The bytes that a body stands for. */
export function bodyBytes(body: BodyInit): Buffer {
  if (typeof body === 'string') return Buffer.from(body);
  if ('json' in body) return Buffer.from(JSON.stringify(body.json));
  if ('xml' in body) return Buffer.from(body.xml);
  if ('base64' in body) return Buffer.from(body.base64, 'base64');
  if ('size' in body) return Buffer.alloc(body.size, 'x');
  const parameters = new URLSearchParams();
  for (const [name, values] of Object.entries(body.form)) {
    for (const value of typeof values === 'string' ? [values] : values)
      parameters.append(name, value);
  }
  return Buffer.from(parameters.toString());
}

/** The media type that a body's format implies; undefined if it implies none. */
export function contentTypeOf(body: BodyInit): string | undefined {
  if (typeof body === 'string') return undefined;
  if ('json' in body) return 'application/json';
  if ('xml' in body) return 'application/xml';
  return 'form' in body ? 'application/x-www-form-urlencoded' : undefined;
}
