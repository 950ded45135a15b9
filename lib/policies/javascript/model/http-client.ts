/** httpClient, Request and exchange objects ("JavaScript object model", httpClient). */
export const httpClientModel = String.raw`
  const callbacks = new Map();

  class Exchange {
    #id;
    constructor(id) { this.#id = id; meanings.set(this, ['exchange', id]); }
    #state() { return parse(host(operation.exchange, this.#id)); }
    isComplete() { return this.#state().complete; }
    isSuccess() { return this.#state().success; }
    isError() { return this.#state().error !== undefined; }
    getError() { return this.#state().error; }
    getResponse() { return this.isSuccess() ? messageOf('response', 'exchange ' + this.#id) : undefined; }
    waitForComplete() { host(operation.wait, this.#id); }
  }

  const exchanges = new Map();
  const exchangeOf = (id) => {
    if (!exchanges.has(id)) exchanges.set(id, new Exchange(id));
    return exchanges.get(id);
  };

  class Request {
    constructor(url, method, headers, body) {
      this.url = url;
      this.method = method;
      this.headers = headers === undefined || headers === null ? {} : headers;
      this.body = body;
    }
  }

  const headerLines = (headers) => {
    const lines = [];
    for (const name in headers) {
      const value = headers[name];
      if (value === null || value === undefined || typeof value === 'function') continue;
      for (const one of Array.isArray(value) ? value : [value]) lines.push([name, String(one)]);
    }
    return lines;
  };

  const exchange = (request, callback) => {
    flush();
    const { url, method, headers, body } = request;
    const hasCallback = typeof callback === 'function';
    const id = host(operation.send, stringify({
      url: textOf(url),
      method: method === undefined || method === null || method === '' ? 'GET' : String(method),
      headers: headerLines(headers),
      body: body === undefined || body === null ? null : String(body),
    }), hasCallback ? 'callback' : '');
    if (hasCallback) callbacks.set(id, callback);
    return exchangeOf(id);
  };

  const httpClient = {
    get(request, callback) {
      const isText = typeof request !== 'object' || request === null || texts.has(request);
      return exchange(isText ? new Request(request, 'GET') : { url: request.url, method: 'GET', headers: request.headers }, callback);
    },
    send(request, callback) {
      return exchange(typeof request === 'object' && request !== null && !texts.has(request) ? request : new Request(request, 'GET'), callback);
    },
  };

  const answer = (id) => {
    const callback = callbacks.get(id);
    callbacks.delete(id);
    const done = exchangeOf(id);
    callback(done.getResponse(), done.getError());
  };
`;
