import type { Message } from './message.ts';

/** The media type of a Content-Type: lower case, without parameters; empty if there is none. */
export function mediaTypeOf(contentType: string | undefined): string {
  if (contentType === undefined) return '';
  const semicolon = contentType.indexOf(';');
  return (semicolon < 0 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
}

/** `application/json`, and `application/*+json`, which documentation neither names nor excludes. */
export function isJson(message: Message): boolean {
  const type = mediaTypeOf(message.headers.text('Content-Type'));
  return type === 'application/json' || isSuffixed(type, '+json');
}

/** `text/xml`, `application/xml` and `application/*+xml` ("Extract Variables policy"). */
export function isXml(message: Message): boolean {
  return isXmlType(mediaTypeOf(message.headers.text('Content-Type')));
}

export function isXmlType(type: string): boolean {
  return type === 'text/xml' || type === 'application/xml' || isSuffixed(type, '+xml');
}

function isSuffixed(type: string, suffix: string): boolean {
  return type.startsWith('application/') && type.endsWith(suffix);
}
