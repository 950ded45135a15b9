/** context, and the names of the global scope ("JavaScript object model"). */
export const contextModel = String.raw`
  // Objects in flow variables, by name, with the text that stands for each in the transaction.
  const held = new Map();
  let session;

  const getVariable = (name) => {
    if (jsonViews.size > 0) flush();
    const text = host(operation.read, String(name));
    if (text[0] !== 'o') return incoming(text);
    const packed = text.slice(1);
    const known = held.get(name);
    if (known !== undefined && known.packed === packed) return known.value;
    const value = unpack(packed);
    held.set(name, { packed, value });
    return value;
  };
  const setVariable = (name, value) => {
    if (jsonViews.size > 0) flush();
    const text = outgoing(value);
    host(operation.write, String(name), text);
    if (text[0] === 'o') held.set(name, { packed: parse(text.slice(1))[1], value });
    else held.delete(name);
  };

  const openSession = () => {
    if (session === undefined) {
      const packed = host(operation.session);
      session = { packed, value: unpack(packed) };
    }
    return session.value;
  };

  const stand = () => host(operation.flow).split(' ');
  const context = {
    getVariable,
    setVariable,
    removeVariable(name) {
      held.delete(name);
      host(operation.remove, String(name));
    },
    get flow() { return stand()[0]; },
    get session() { return openSession(); },
    set session(value) { openSession(); session.value = value; },
    get proxyRequest() { return messageOf('request', 'proxyRequest'); },
    get targetRequest() { return messageOf('request', 'targetRequest'); },
    get proxyResponse() { return messageOf('response', 'response'); },
    get targetResponse() { return messageOf('response', 'response'); },
  };

  const properties = {};
  const define = (name, value) =>
    Object.defineProperty(global, name, { value, writable: true, enumerable: false, configurable: true });
  const lazily = (name, read) =>
    Object.defineProperty(global, name, { get: read, set: (value) => define(name, value), enumerable: false, configurable: true });
  define('context', context);
  define('properties', properties);
  define('crypto', crypto);
  define('httpClient', httpClient);
  define('Request', Request);
  define('print', (...values) => { host(operation.print, values.map(String).join(' ')); });
  lazily('request', () => (stand()[1] === 'target' ? context.targetRequest : context.proxyRequest));
  lazily('response', () => context.proxyResponse);

  // Java is out of reach: whatever a script asks of it ends the script.
  const javaPackage = (path) =>
    new Proxy(function () {}, {
      get: (target, name) => (typeof name === 'symbol' ? undefined : member(path === '' ? name : path + '.' + name, name)),
      apply: () => deny(path),
      construct: () => deny(path),
    });
  // A package leads to others; a class has a capital.
  const member = (path, name) => (/^[a-z]/.test(name) ? javaPackage(path) : deny(path));
  const deny = (path) => { host(operation.java, path); };
  for (const name of ['java', 'javax', 'Packages', 'JavaImporter', 'JavaAdapter', 'importPackage', 'importClass']) {
    define(name, javaPackage(name === 'Packages' ? '' : name));
  }

  // The image of the memory would give the same numbers again and again.
  Object.defineProperty(Math, 'random', { value: () => Number(host(operation.random)), writable: true, configurable: true });
`;
