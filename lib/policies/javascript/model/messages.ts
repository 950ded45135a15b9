/** The message objects: `context.proxyRequest`, `response` and the like ("JavaScript object model"). */
export const messagesModel = String.raw`
  const readPart = (view, part) => incoming(host(operation.readPart, view, part));
  const writePart = (view, part, value) => host(operation.writePart, view + '\n' + part, outgoing(value));
  const textOf = (value) => (value === null || value === undefined ? '' : String(value));

  // All values of one name: the first as a text, each by its index, length() as a method.
  const valuesOf = (values) => {
    const members = { length: { value: () => values.length } };
    values.forEach((value, index) => { members[index] = { value, enumerable: true }; });
    return textObject(() => values[0], members);
  };

  // Headers, query parameters or form parameters by name.
  const collectionOf = (view, kind) => {
    const names = () => readPart(view, kind + 's.names') ?? [];
    const find = (name) => {
      const values = typeof name === 'string' && name !== '' ? readPart(view, kind + '.' + name + '.values') : null;
      return values === null ? undefined : valuesOf(values);
    };
    const put = (name, value) => {
      writePart(view, kind + '.' + name, null);
      const list = Array.isArray(value) ? value : [value];
      list.forEach((one, index) => {
        if (one !== null && one !== undefined) writePart(view, kind + '.' + name + (index === 0 ? '' : '.' + (index + 1)), String(one));
      });
    };
    const { has, get, getOwnPropertyDescriptor } = Reflect;
    return new Proxy({}, {
      get: (target, name) => find(name) ?? get(target, name),
      has: (target, name) => find(name) !== undefined || has(target, name),
      set(target, name, value) {
        if (typeof name === 'string') put(name, value);
        return true;
      },
      deleteProperty(target, name) {
        if (typeof name === 'string') writePart(view, kind + '.' + name, null);
        return true;
      },
      ownKeys: () => [...new Set(names())],
      getOwnPropertyDescriptor(target, name) {
        const value = find(name);
        return value === undefined
          ? getOwnPropertyDescriptor(target, name)
          : { value, writable: true, enumerable: true, configurable: true };
      },
      defineProperty(target, name, { value }) {
        put(name, value);
        return true;
      },
    });
  };

  // What asJSON gave, by message: changes of it are written back.
  const jsonViews = new Map();
  const flush = () => {
    for (const [view, json] of jsonViews) {
      const now = stringify(json.value);
      if (now === json.written) continue;
      json.written = now;
      json.text = now;
      writePart(view, 'content', now);
    }
  };
  const readText = (view) => {
    if (jsonViews.size > 0) flush();
    return textOf(readPart(view, 'content'));
  };
  const asJson = (view) => {
    const text = readText(view);
    const known = jsonViews.get(view);
    if (known !== undefined && known.text === text) return known.value;
    const value = text.trim() === '' ? {} : parse(text);
    if (typeof value === 'object' && value !== null) jsonViews.set(view, { text, value, written: stringify(value) });
    return value;
  };
  const writeText = (view, value) => {
    jsonViews.delete(view);
    writePart(view, 'content', textOf(value));
  };
  const contentOf = (view) => textObject(() => readText(view), {
    length: { get: () => readText(view).length },
    asJSON: { get: () => asJson(view) },
    asForm: { get: () => collectionOf(view, 'formparam') },
    asXML: { get() { throw new TypeError('asXML is an E4X object, which is not supported; read XML with ExtractVariables or XMLToJSON'); } },
  });

  const assignAll = (collection, values) => {
    for (const name of Object.keys(collection)) delete collection[name];
    for (const name in values) collection[name] = values[name];
  };

  class MessageObject {
    #view; #headers; #content;
    constructor(view) { this.#view = view; }
    get headers() { return (this.#headers ??= collectionOf(this.#view, 'header')); }
    set headers(values) { assignAll(this.headers, values); }
    get content() { return (this.#content ??= contentOf(this.#view)); }
    set content(value) { writeText(this.#view, value); }
    get body() { return this.content; }
    set body(value) { this.content = value; }
    get version() { return readPart(this.#view, 'version'); }
    toString() { return readText(this.#view); }
  }

  class RequestObject extends MessageObject {
    #view; #query;
    constructor(view) { super(view); this.#view = view; }
    get queryParams() { return (this.#query ??= collectionOf(this.#view, 'queryparam')); }
    set queryParams(values) { assignAll(this.queryParams, values); }
    get method() { return readPart(this.#view, 'verb'); }
    set method(value) { writePart(this.#view, 'verb', textOf(value)); }
    get url() { return readPart(this.#view, '$url'); }
    set url(value) { writePart(this.#view, '$url', textOf(value)); }
    get uri() { return readPart(this.#view, 'uri'); }
    get path() { return readPart(this.#view, 'path'); }
    set path(value) { writePart(this.#view, 'path', textOf(value)); }
    get protocol() { return readPart(this.#view, '$protocol'); }
  }

  class StatusObject {
    #view;
    constructor(view) { this.#view = view; meanings.set(this, ['status', view]); }
    get code() { return readPart(this.#view, 'status.code'); }
    set code(value) { writePart(this.#view, 'status.code', textOf(value)); }
    get message() { return readPart(this.#view, 'reason.phrase'); }
    set message(value) { writePart(this.#view, 'reason.phrase', textOf(value)); }
    valueOf() { return this.code; }
    toString() { return textOf(this.code); }
    toJSON() { return this.code; }
  }

  class ResponseObject extends MessageObject {
    #view; #status;
    constructor(view) { super(view); this.#view = view; }
    get status() { return (this.#status ??= new StatusObject(this.#view)); }
    set status(value) { writePart(this.#view, 'status.code', textOf(value)); }
  }

  // One object for each message, however it is come by.
  const messages = new Map();
  const messageOf = (kind, view) => {
    const known = messages.get(view);
    if (known !== undefined) return known;
    const message = kind === 'request' ? new RequestObject(view) : new ResponseObject(view);
    for (const type of [MessageObject, RequestObject, ResponseObject]) {
      if (!(message instanceof type)) continue;
      for (const name of Object.getOwnPropertyNames(type.prototype)) {
        const member = Object.getOwnPropertyDescriptor(type.prototype, name);
        // Members are the object's own, so that for-in lists them.
        if (member.get !== undefined) Object.defineProperty(message, name, { ...member, enumerable: true });
      }
    }
    meanings.set(message, [kind, view]);
    messages.set(view, message);
    return message;
  };
`;
