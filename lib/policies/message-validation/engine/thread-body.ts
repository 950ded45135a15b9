/** The module that runs in a thread of the engine: from source it is TypeScript. */
export const threadBody = new URL(
  import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js',
  import.meta.url,
);
