/** What there is to know of a header's name before its line is sent. */
export interface FieldName {
  /** In lower case. */
  readonly key: string;
  /** Whether HTTP allows it (RFC 9110, section 5.6.2). */
  readonly isToken: boolean;
  /** Whether the line is a connection's business, and never goes on. */
  readonly isDropped: boolean;
}

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const mostRemembered = 1_000;
const longestRemembered = 64;

/**
 * Looks header names up: each spelling is examined once, since a message's lines pass here with every
 * request. How many are remembered is bounded.
 *
 * @param dropped names in lower case; those that begin with `proxy-` are dropped too
 */
export function fieldNames(dropped: ReadonlySet<string>): (name: string) => FieldName {
  const remembered = new Map<string, FieldName>();
  return (name) => {
    const known = remembered.get(name);
    if (known !== undefined) return known;
    const key = name.toLowerCase();
    const isDropped = dropped.has(key) || key.startsWith('proxy-');
    const examined: FieldName = { key, isToken: token.test(name), isDropped };
    if (name.length <= longestRemembered) {
      if (remembered.size >= mostRemembered) remembered.clear();
      remembered.set(name, examined);
    }
    return examined;
  };
}

const beyondAscii = /[^\t\x20-\x7e]/;

/** Whether a value is visible ASCII with blanks, so that there is nothing more to ask. */
export function isPlainValue(value: string): boolean {
  return !beyondAscii.test(value);
}

/**
 * Header names that Connection lines list, lower case (RFC 9110, section 7.6.1); undefined if there are
 * none beyond what says how long the connection lasts.
 */
export function listedByConnection(
  lines: readonly (readonly [name: string, value: string])[],
): readonly string[] | undefined {
  let listed: string[] | undefined;
  for (const [name, value] of lines) {
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue;
    for (const option of value.split(',')) {
      const key = option.trim().toLowerCase();
      if (key !== 'keep-alive' && key !== 'close') (listed ??= []).push(key);
    }
  }
  return listed;
}
