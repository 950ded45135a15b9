/**
 * The engine looks at the clock between the steps of a script, but not inside of its own loops: over the
 * places of a list that are not even there, over texts that almost hold another one, over what it sorts.
 * What would make such a loop run for seconds is refused before it starts.
 *
 * Part of the prelude, in the sandbox's own language.
 */
export const guards = String.raw`
  const mostElements = 4194304;
  const mostSorted = 1048576;
  const mostCompared = 1e9;
  const { apply } = Reflect;
  const refuse = () => { throw new RangeError('the list or the text is too long'); };
  const guard = (owner, names, check) => {
    for (const name of names) {
      const own = owner[name];
      if (own === undefined) continue;
      const guarded = { [name](...values) {
        check(this, values);
        return apply(own, this, values);
      } }[name];
      defineProperty(owner, name, { value: guarded, writable: true, enumerable: false, configurable: true });
    }
  };
  const isLong = (list, most) => typeof list === 'object' && list !== null && !ArrayBuffer.isView(list) && list.length > most;
  guard(Array.prototype, [
    'copyWithin', 'every', 'fill', 'filter', 'flat', 'flatMap', 'forEach', 'includes', 'indexOf', 'join', 'lastIndexOf', 'map',
    'reduce', 'reduceRight', 'reverse', 'shift', 'slice', 'some', 'splice', 'toLocaleString', 'toReversed', 'toSpliced', 'toString',
    'unshift', 'with',
  ], (list) => { if (isLong(list, mostElements)) refuse(); });
  guard(Array.prototype, ['concat'], (list, values) => {
    if (isLong(list, mostElements)) refuse();
    for (let at = 0; at < values.length; at += 1) if (isLong(values[at], mostElements)) refuse();
  });
  guard(Array.prototype, ['sort', 'toSorted'], (list) => { if (isLong(list, mostSorted)) refuse(); });
  guard(Object.getPrototypeOf(Uint8Array.prototype), ['sort', 'toSorted'], (list) => {
    if (ArrayBuffer.isView(list) && list.length > mostSorted) refuse();
  });
  for (const name of ['includes', 'indexOf', 'lastIndexOf', 'replace', 'replaceAll', 'split']) {
    const own = String.prototype[name];
    const guarded = { [name](pattern, ...rest) {
      // Short texts are most of them. A regular expression looks at the clock by itself.
      if (typeof this === 'string' && typeof pattern === 'string' && this.length < 10000) return apply(own, this, [pattern, ...rest]);
      if (this === null || this === undefined || pattern instanceof RegExp) return apply(own, this, [pattern, ...rest]);
      const [text, part] = [String(this), String(pattern)];
      if (part.length * text.length > mostCompared) refuse();
      return apply(own, text, [pattern === undefined ? undefined : part, ...rest]);
    } }[name];
    defineProperty(String.prototype, name, { value: guarded, writable: true, enumerable: false, configurable: true });
  }
  // One pass over a long text takes long enough for a look at the clock.
  const longText = 100000;
  const look = (text) => { if (typeof text === 'string' && text.length > longText) call(-1, '', ''); };
  guard(String.prototype, [
    'localeCompare', 'normalize', 'padEnd', 'padStart', 'toLocaleLowerCase', 'toLocaleUpperCase', 'toLowerCase', 'toUpperCase',
    'trim', 'trimEnd', 'trimStart',
  ], look);
  guard(globalThis, ['decodeURI', 'decodeURIComponent', 'encodeURI', 'encodeURIComponent', 'escape', 'unescape'], (scope, [text]) => look(text));
  guard(JSON, ['parse'], (scope, [text]) => look(text));
`;
