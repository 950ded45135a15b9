import type { StackExports } from './sandbox.ts';

interface Memory {
  readonly getValue: (pointer: number, type?: string) => unknown;
  readonly setValue: (pointer: number, value: number, type?: string) => void;
}

/** More than the templates, elements and expressions within one another need that libxslt allows. */
const size = 16 * 1024 * 1024;
const guard = 0x5afe5afe;

/**
 * Gives the engine a larger stack. Its own is 64 KiB, lies above its data, and is not guarded: some 300
 * templates that call one another write over what the engine is. Called once, between two calls of it.
 *
 * @returns whether the stack has kept to its place so far
 */
export function enlargeStack(
  { malloc, _emscripten_stack_restore }: StackExports,
  { getValue, setValue }: Memory,
): () => boolean {
  const lowest = malloc(size);
  setValue(lowest, guard, 'i32');
  // A stack grows downwards, in steps of 16.
  _emscripten_stack_restore((lowest + size) & ~0xf);
  return () => getValue(lowest, 'i32') === guard;
}
