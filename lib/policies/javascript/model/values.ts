/** How values cross between script and host: as texts with a letter in front that tells the type. */
export const valuesModel = String.raw`
  const { stringify, parse } = JSON;

  // A list of Java: it shows as [a, b].
  class JavaList extends Array {
    static get [Symbol.species]() { return Array; }
    toString() { return '[' + this.join(', ') + ']'; }
    toArray() { return Array.from(this); }
    size() { return this.length; }
    get(index) { return this[index]; }
    isEmpty() { return this.length === 0; }
    contains(value) { return this.includes(String(value)); }
    iterator() {
      let next = 0;
      return { hasNext: () => next < this.length, next: () => this[next++] };
    }
  }
  Object.defineProperty(JavaList.prototype, 'string', { get() { return this.join(','); } });
  for (const name of Object.getOwnPropertyNames(JavaList.prototype)) {
    Object.defineProperty(JavaList.prototype, name, { enumerable: false });
  }

  // Objects that stand for something of the transaction, and what they stand for: a kind and a name.
  const meanings = new WeakMap();
  // Objects that behave as texts do.
  const texts = new WeakSet();

  const mark = '\u0001';
  const pack = (value) =>
    stringify(value, function (key, plain) {
      const raw = this[key];
      if (typeof raw !== 'object' || raw === null) return plain;
      if (texts.has(raw)) return String(raw);
      const meaning = meanings.get(raw);
      if (meaning !== undefined) return { [mark]: meaning };
      if (raw instanceof Date) return { [mark]: ['date', raw.getTime()] };
      return plain;
    });
  const unpack = (text) =>
    parse(text, (key, value) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, mark)
        ? meant(value[mark])
        : value);
  const meant = ([kind, name]) => {
    if (kind === 'date') return new Date(name);
    if (kind === 'exchange') return exchangeOf(name);
    return messageOf(kind, name);
  };

  const incoming = (text) => {
    const rest = text.slice(1);
    switch (text[0]) {
      case 's': return rest;
      case 'n': return Number(rest);
      case 't': return true;
      case 'f': return false;
      case 'l': return JavaList.from(parse(rest));
      case 'm': { const [kind, name] = parse(rest); return messageOf(kind, name); }
      default: return null;
    }
  };

  const outgoing = (value) => {
    switch (typeof value) {
      case 'string': return 's' + value;
      case 'number': return 'n' + value;
      case 'boolean': return value ? 't' : 'f';
      case 'undefined': return '0';
      case 'object': return value === null ? '0' : outgoingObject(value);
      default: return 's' + String(value);
    }
  };
  const outgoingObject = (value) => {
    if (texts.has(value)) return 's' + String(value);
    if (value instanceof String || value instanceof Number || value instanceof Boolean) return outgoing(value.valueOf());
    if (value instanceof JavaList) return 'l' + stringify(value.map(String));
    const meaning = meanings.get(value);
    if (meaning !== undefined && meaning[0] === 'status') return 'n' + Number(value);
    if (meaning !== undefined && meaning[0] !== 'exchange') return 'm' + stringify(meaning);
    return 'o' + stringify([String(value), pack(value)]);
  };

  // Behaves as the text that it stands for, and has members of its own.
  const textObject = (read, members) => {
    const object = Object.create(String.prototype, {
      toString: { value: read },
      valueOf: { value: read },
      toJSON: { value: read },
      ...members,
    });
    texts.add(object);
    return object;
  };
`;
