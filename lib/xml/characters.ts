const nameStart =
  'A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}' +
  '\\u{200C}-\\u{200D}\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}' +
  '\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}';
const nameRest = `${nameStart}\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}-\\u{2040}`;
const ncName = `[${nameStart}][${nameRest}]*`;

/** `NCName` of "Namespaces in XML 1.0": a name without a colon. */
export const ncNamePattern = ncName;

/** `QName` of "Namespaces in XML 1.0", with its prefix and its local part captured. */
export const qNamePattern = `(?:(${ncName}):)?(${ncName})`;

/** What may continue a name; a colon too, so that `a:b:c` is seen as one bad name. */
export const nameContinuesPattern = `[:${nameRest}]`;

/** A character that no name without a colon holds, wherever in it. */
export const notInNamePattern = `[^${nameRest}]`;

/** Anything outside `Char` of XML 1.0, lone surrogates included. */
const illegal =
  /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** The offset of the first character that XML 1.0 forbids, or -1. */
export function illegalCharacterAt(text: string): number {
  return text.search(illegal);
}

/** Whether XML 1.0 allows this code point, be it raw or by reference. */
export function isXmlCharacter(codePoint: number): boolean {
  return (
    codePoint === 0x9 ||
    codePoint === 0xa ||
    codePoint === 0xd ||
    (codePoint >= 0x20 && codePoint <= 0xd7ff) ||
    (codePoint >= 0xe000 && codePoint <= 0xfffd) ||
    (codePoint >= 0x10000 && codePoint <= 0x10ffff)
  );
}

/** `S` of XML 1.0. No-break spaces and byte order marks are text, not white space. */
export function isWhiteSpace(codeUnit: number): boolean {
  return codeUnit === 0x20 || codeUnit === 0xa || codeUnit === 0xd || codeUnit === 0x9;
}

/** `U+0007`, for messages about characters that cannot be shown. */
export function codePointName(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Line ends as XML 1.0 section 2.11 has them read: CR LF and CR become LF. */
export function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}
