/** What of E4X, Rhino's XML literals and operators, stands where a parser of today's language stopped. */
export function e4xAt(text: string, offset: number): string | undefined {
  const rest = text.slice(offset, offset + 40);
  const before = text.slice(Math.max(0, offset - 40), offset);
  if (/^each\b/.test(rest) && /\bfor\s*$/.test(before)) return 'for each';
  if (/^<(?:[A-Za-z_{!?]|>)/.test(rest)) return 'an XML literal';
  if (/^\.[\w*@(]/.test(rest) && before.endsWith('.')) return 'the operator ..';
  if (rest.startsWith('..')) return 'the operator ..';
  if (/^@[\w*[]/.test(rest)) return 'the operator @';
  if (rest.startsWith('::') || (rest.startsWith(':') && before.endsWith(':')))
    return 'the operator ::';
  if (rest.startsWith('*') && before.endsWith('.')) return 'the operator .*';
  if (rest.startsWith('default xml namespace') || /\bdefault\s+$/.test(before)) {
    return 'a default XML namespace';
  }
  return undefined;
}
