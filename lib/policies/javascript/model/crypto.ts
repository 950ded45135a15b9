/** crypto: digests, and dates by Java's patterns ("JavaScript object model", crypto). */
export const cryptoModel = String.raw`
  class Hash {
    #algorithm; #parts = [];
    constructor(algorithm) { this.#algorithm = algorithm; }
    update(text) { this.#parts.push(String(text)); return this; }
    digest() { return host(operation.hash, this.#algorithm + ' hex', this.#parts.join('')); }
    digest64() { return host(operation.hash, this.#algorithm + ' base64', this.#parts.join('')); }
  }

  const unsupported = (name) => () => {
    throw new Error('crypto.' + name + ' is not supported');
  };

  const crypto = {
    getMD5: () => new Hash('MD5'),
    getSHA1: () => new Hash('SHA-1'),
    getSHA256: () => new Hash('SHA-256'),
    getSHA512: () => new Hash('SHA-512'),
    getHash(name) {
      const algorithm = String(name).toUpperCase();
      if (!['MD5', 'SHA-1', 'SHA-256', 'SHA-512'].includes(algorithm)) throw new Error('There is no hash ' + name);
      return new Hash(algorithm);
    },
    dateFormat(pattern, zone, milliseconds) {
      const given = [zone, milliseconds].map((value) => (value === undefined ? null : value));
      return host(operation.date, String(pattern), stringify([given[0] === null ? null : String(given[0]), given[1] === null ? null : Number(given[1])]));
    },
    wsSecRsaSign: unsupported('wsSecRsaSign'),
    wsSecRsaValidate: unsupported('wsSecRsaValidate'),
  };
`;
