import fs from 'node:fs';

/** Memory that one thread of the engine may take, in pages of 64 KiB: 256 MiB. */
const mostPages = 4096;

/** Status that the engine is told for whatever it would fetch. */
const forbidden = 403;

interface MemoryDescriptor {
  readonly initial: number;
  readonly maximum?: number;
  readonly shared?: boolean;
}

/** Exports that the package's own module does not pass on. */
export interface StackExports {
  readonly malloc: (size: number) => number;
  readonly _emscripten_stack_restore: (pointer: number) => void;
}

interface Instantiated {
  readonly instance: { readonly exports: StackExports };
}

/** What the replacements need of a global that Node's types leave out. */
declare const WebAssembly: {
  readonly Memory: new (descriptor: MemoryDescriptor) => object;
  readonly instantiate: (binary: Uint8Array, imports: object) => Promise<Instantiated>;
};

/** The part of the engine's module that the sandbox needs. */
export interface EngineMemory {
  readonly setValue: (pointer: number, value: number, type?: string) => void;
}

/**
 * Shuts the engine in, in a thread of its own: never call this in the main thread. What it replaces is
 * what the module finds when it is instantiated: its only way to the network, the bound of its memory,
 * and the descriptors it writes messages to. `engine.memory` is to be set once the
 * module is there; `engine.stack` is set by then.
 *
 * The module waits for the network by JSPI, which Node 20 has not. Since nothing is fetched here, nothing
 * has to wait: plain functions stand in, the import refuses, and the exports become synchronous. Its
 * file system lives in memory and begins empty.
 */
export function shutIn(
  engine: { memory?: EngineMemory; stack?: StackExports },
  onMessage: (text: string) => void,
): void {
  const refuseToFetch = (_url: number, buffer: number, length: number, error: number): void => {
    const { setValue } = engine.memory ?? {};
    setValue?.(buffer, 0, 'i32');
    setValue?.(length, 0, 'i32');
    setValue?.(error, forbidden, 'i32');
  };
  // The module calls this one with `new`; what a constructor returns takes the place of the object.
  function Suspending(): typeof refuseToFetch {
    return refuseToFetch;
  }
  const { Memory, instantiate } = WebAssembly;
  function BoundedMemory(descriptor: MemoryDescriptor): object {
    return new Memory({ ...descriptor, maximum: mostPages });
  }
  Object.assign(WebAssembly, {
    Suspending,
    promising: <F>(exported: F): F => exported,
    Memory: BoundedMemory,
    instantiate: async (binary: Uint8Array, imports: object): Promise<Instantiated> => {
      const instantiated = await instantiate(binary, imports);
      engine.stack = instantiated.instance.exports;
      return instantiated;
    },
  });
  Object.assign(fs, {
    writeSync: (_descriptor: number, text: unknown): number => {
      if (typeof text === 'string') onMessage(text);
      return typeof text === 'string' ? text.length : 0;
    },
  });
}
