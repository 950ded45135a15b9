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

/**
 * Sees the module of libxml2 come to be, in a thread of its own: never call this in the main thread. Call
 * it before the package is imported. Says afterwards whether the module has grown large.
 *
 * The package asks the path of the element for each error, which counts the elements before it: ten
 * thousand wrong siblings took half a second, a hundred thousand three quarters of a minute. No path is read here.
 */
export function watchMemory(): () => boolean {
  let memory: Exports['memory'];
  const { instantiate } = WebAssembly;
  Object.assign(WebAssembly, {
    instantiate: async (binary: Uint8Array, imports: object): Promise<Instantiated> => {
      const { instance, ...rest } = await instantiate(binary, imports);
      const exports = { ...instance.exports, xmlGetNodePath: () => 0 };
      memory = instance.exports.memory;
      return { ...rest, instance: { exports } };
    },
  });
  return () => memory !== undefined && memory.buffer.byteLength > large;
}
