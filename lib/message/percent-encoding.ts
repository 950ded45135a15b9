/** Text for a URL's query: everything but unreserved characters escaped, a blank as `%20`. */
export function encodeQueryText(text: string): string {
  if (unreserved.test(text)) return text;
  try {
    return encodeURIComponent(text);
  } catch {
    // A lone surrogate has no UTF-8 form; it leaves as U+FFFD, as every encoder writes it.
    return encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'));
  }
}

/** What most names and values are made of: nothing in it needs an escape. */
const unreserved = /^[A-Za-z0-9_.~-]*$/;

/** Text for a form body, as HTML forms are sent: a blank as `+`, only `*-._` and alphanumerics bare. */
export function encodeFormText(text: string): string {
  return encodeQueryText(text).replace(/%20|[!'()~]/g, (match) => formEscapes.get(match) ?? match);
}

const formEscapes: ReadonlyMap<string, string> = new Map([
  ['%20', '+'],
  ['!', '%21'],
  ["'", '%27'],
  ['(', '%28'],
  [')', '%29'],
  ['~', '%7E'],
]);

/**
 * Undoes either encoding: `+` is a blank, escapes are UTF-8. Never throws: a `%` that starts no
 * escape stays, and bytes that are no UTF-8 become U+FFFD.
 */
export function decodeParameterText(text: string): string {
  const blanks = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!blanks.includes('%')) return blanks;
  try {
    return decodeURIComponent(blanks);
  } catch {
    return blanks.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) =>
      Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'),
    );
  }
}
