import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type {
  QuickJSAsyncVariant,
  QuickJSAsyncWASMModule,
  QuickJSSyncVariant,
  QuickJSWASMModule,
} from 'quickjs-emscripten-core';

/** An engine's memory. Its buffer is another one after it has grown. */
export interface EngineMemory {
  readonly buffer: ArrayBuffer;
}

// Node's types leave WebAssembly to those of browsers. This is what of it is used here.
interface EngineCode {
  readonly [Symbol.toStringTag]: string;
}
declare const WebAssembly: {
  readonly Memory: new (pages: { initial: number; maximum: number }) => EngineMemory;
  readonly Instance: new (code: EngineCode, imports: Imports) => object;
  compile(bytes: Uint8Array): Promise<EngineCode>;
};

/** What a WebAssembly instance takes the time from. */
export interface EngineClock {
  /** Milliseconds since 1970-01-01T00:00Z. */
  now: () => number;
}

/** One instance of the JavaScript engine, which shares nothing with another one. */
export interface EngineInstance<Module> {
  readonly module: Module;
  readonly memory: EngineMemory;
}

/** Pages of 64 kB that the engine's build asks for at least and at most. */
const memoryPages = { initial: 256, maximum: 32_768 };

const plainPackage = '@jitl/quickjs-wasmfile-release-sync';
const suspendablePackage = '@jitl/quickjs-wasmfile-release-asyncify';

const compiled = new Map<string, Promise<EngineCode>>();

/** Compiles an engine's code once a process. */
function compiledModule(name: string): Promise<EngineCode> {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const file = createRequire(import.meta.url).resolve(`${name}/wasm`);
  const loading = readFile(file).then((bytes) => WebAssembly.compile(bytes));
  compiled.set(name, loading);
  return loading;
}

/** An engine whose scripts run from beginning to end. */
export async function startEngine(clock: EngineClock): Promise<EngineInstance<QuickJSWASMModule>> {
  const { newQuickJSWASMModuleFromVariant, newVariant } = await import('quickjs-emscripten-core');
  const { default: loaded } = await import('@jitl/quickjs-wasmfile-release-sync');
  // The types are those of the CommonJS build, where the variant is one step further down.
  const variant = loaded as unknown as QuickJSSyncVariant;
  const { memory, options } = await instantiation(plainPackage, clock);
  return {
    module: await newQuickJSWASMModuleFromVariant(newVariant(variant, options)),
    memory,
  };
}

/** An engine whose scripts may wait in the middle. It is twice the size of the other, and slower. */
export async function startSuspendableEngine(
  clock: EngineClock,
): Promise<EngineInstance<QuickJSAsyncWASMModule>> {
  const { newQuickJSAsyncWASMModuleFromVariant, newVariant } =
    await import('quickjs-emscripten-core');
  const { default: loaded } = await import('@jitl/quickjs-wasmfile-release-asyncify');
  // As above.
  const variant = loaded as unknown as QuickJSAsyncVariant;
  const { memory, options } = await instantiation(suspendablePackage, clock);
  return {
    module: await newQuickJSAsyncWASMModuleFromVariant(newVariant(variant, options)),
    memory,
  };
}

type Import = (...parameters: unknown[]) => unknown;
type Imports = Record<string, Record<string, Import | EngineMemory>>;

async function instantiation(name: string, clock: EngineClock) {
  const code = await compiledModule(name);
  const memory = new WebAssembly.Memory(memoryPages);
  const emscriptenModule = {
    instantiateWasm(imports: Imports, done: (instance: object, code: EngineCode) => void): object {
      const instance = new WebAssembly.Instance(code, withTime(imports, clock, memory));
      done(instance, code);
      return {};
    },
  };
  return { memory, options: { wasmMemory: memory, emscriptenModule } };
}

/** Where C's `struct tm` holds the seconds east of Greenwich. */
const offsetInTm = 36;

/**
 * Puts the host's clock and UTC, the zone of Apigee's runtimes, in the place of the machine's own. The
 * build shortens the names of its imports, so they are known by what they do.
 */
function withTime(imports: Imports, clock: EngineClock, memory: EngineMemory): Imports {
  let replaced = 0;
  const changed: Imports = {};
  for (const [space, functions] of Object.entries(imports)) {
    const own: Record<string, Import | EngineMemory> = { ...functions };
    for (const [name, given] of Object.entries(functions)) {
      if (typeof given !== 'function') continue;
      const source = String(given);
      if (given.length === 0 && source.includes('Date.now()')) {
        own[name] = () => clock.now();
        replaced += 1;
      } else if (source.includes('getTimezoneOffset') && source.includes('getSeconds')) {
        own[name] = (time, tm) => {
          given(time, tm);
          new DataView(memory.buffer).setInt32(Number(tm) + offsetInTm, 0, true);
        };
        replaced += 1;
      }
    }
    changed[space] = own;
  }
  if (replaced !== 2) throw new Error('This build of QuickJS takes its time from elsewhere');
  return changed;
}
