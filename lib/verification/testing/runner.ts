/** What mocha, Jasmine, Jest, vitest and node:test have in common. */
export interface TestRunner {
  readonly describe: (name: string, define: () => void) => unknown;
  readonly it: TestFunction;
}

export type TestFunction = ((name: string, run: () => Promise<void>) => unknown) & {
  readonly skip: (name: string, run: () => Promise<void>) => unknown;
};

/**
 * The runner whose globals are there, or else node:test.
 * @throws {TypeError} when vitest runs and keeps its functions to itself
 */
export function presentRunner(): TestRunner {
  const globals: object = globalThis;
  const { describe, it }: Partial<TestRunner> = globals;
  if (typeof describe === 'function' && typeof it === 'function') return { describe, it };
  if (process.env['VITEST'] !== undefined) {
    throw new TypeError(
      "Give vitest's functions, defineSuite(files, { runner: { describe, it } }), or set its option globals.",
    );
  }
  // Loaded where it is wanted only: in a process that tests nothing it would be a stranger.
  const own = process.getBuiltinModule('node:test');
  return { describe: own.describe, it: own.it };
}
