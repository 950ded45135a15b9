/** Turns the library's count of objects on or off; it starts anew each time. */
export async function configure(enabled: boolean): Promise<void> {
  const { diag } = await import('libxml2-wasm');
  diag.configure({ enabled });
}

/** The objects of libxml2 that nobody has disposed of. */
export async function diagReport(): Promise<string> {
  const { diag } = await import('libxml2-wasm');
  return JSON.stringify(diag.report());
}
