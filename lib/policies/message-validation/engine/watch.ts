/** The memory of a module never shrinks. */
const large = 64 * 1024 * 1024;

interface Exports {
  readonly memory?: { readonly buffer: ArrayBuffer };
}

interface Instantiated {
  readonly instance: { readonly exports: Exports };
}

/** What is replaced of a global that Node's types leave out. */
declare const WebAssembly: {
  readonly instantiate: (binary: Uint8Array, imports: object) => Promise<Instantiated>;
};

/** More errors than anyone reads. The package keeps each one: millions would exhaust the whole process. */
const mostErrors = 100_000;

/** What is known of the module of libxml2 in this thread. */
export interface Watch {
  isLarge(): boolean;
  /** Errors are counted from here on. */
  begin(): void;
}

/**
 * Sees the module of libxml2 come to be, in a thread of its own: never call this in the main thread. Call
 * it before the package is imported.
 *
 * The package asks the path of the element for each error, which counts the elements before it: ten
 * thousand wrong siblings took half a second, a hundred thousand three quarters of a minute. No path is read here, but errors are counted; too many
 * throw through the module, after which the thread must not be used again.
 */
export function watchModule(): Watch {
  let errors = 0;
  let memory: Exports['memory'];
  const { instantiate } = WebAssembly;
  Object.assign(WebAssembly, {
    instantiate: async (binary: Uint8Array, imports: object): Promise<Instantiated> => {
      const { instance, ...rest } = await instantiate(binary, imports);
      const xmlGetNodePath = (): number => {
        errors += 1;
        if (errors > mostErrors) throw new Error('it found too many errors');
        return 0;
      };
      const exports = { ...instance.exports, xmlGetNodePath };
      memory = instance.exports.memory;
      return { ...rest, instance: { exports } };
    },
  });
  return {
    isLarge: () => memory !== undefined && memory.buffer.byteLength > large,
    begin() {
      errors = 0;
    },
  };
}
