import { ofText, type FunctionTable } from './function.ts';

const jsonSpecial = /["\\\u0000-\u001f]/;
const xmlSpecial = /[<>&"']/;
const xmlSpecials = /[<>&"']/g;
const xml11Special =
  /[<>&"'\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff\ud800-\udfff]/u;
const xml11Specials = new RegExp(xml11Special, 'gu');

const xmlNames: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&apos;',
};

/** As inside a JSON string; `/` and everything beyond ASCII stay as they are. */
function escapeJson(text: string): string {
  if (!jsonSpecial.test(text)) return text;
  let escaped = '';
  let copied = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x20 && unit !== 0x22 && unit !== 0x5c) continue;
    escaped += text.slice(copied, at) + jsonEscape(unit);
    copied = at + 1;
  }
  return escaped + text.slice(copied);
}

function jsonEscape(unit: number): string {
  switch (unit) {
    case 0x22:
      return '\\"';
    case 0x5c:
      return '\\\\';
    case 0x08:
      return '\\b';
    case 0x09:
      return '\\t';
    case 0x0a:
      return '\\n';
    case 0x0c:
      return '\\f';
    case 0x0d:
      return '\\r';
    default:
      return `\\u${unit.toString(16).padStart(4, '0')}`;
  }
}

function escapeXml(text: string): string {
  return xmlSpecial.test(text)
    ? text.replace(xmlSpecials, (special) => xmlNames[special] ?? special)
    : text;
}

/** As {@link escapeXml}; further drops what XML 1.1 forbids and writes its restricted characters as numbers. */
function escapeXml11(text: string): string {
  if (!xml11Special.test(text)) return text;
  return text.replace(xml11Specials, (special) => {
    const name = xmlNames[special];
    if (name !== undefined) return name;
    const unit = special.charCodeAt(0);
    return unit === 0 || unit > 0x9f ? '' : `&#${unit};`;
  });
}

function encodeHtml(text: string): string {
  return xmlSpecial.test(text)
    ? text.replace(xmlSpecials, (special) =>
        special === "'" ? '&#39;' : (xmlNames[special] ?? ''),
      )
    : text;
}

export const escapes: FunctionTable = {
  escapeJSON: ofText(escapeJson),
  escapeXML: ofText(escapeXml),
  escapeXML11: ofText(escapeXml11),
  encodeHTML: ofText(encodeHtml),
  // The documentation's example calls encodeHTML so, though its list does not.
  escapeHTML: { ...ofText(encodeHtml), aliasOf: 'encodeHTML' },
};
