/** Collects the values of an option that may be given several times, for commander. */
export function repeated(value: string, values: readonly string[] = []): readonly string[] {
  return [...values, value];
}
