/** The name of a header or parameter in Copy and Remove; `h.2` means the second value of `h`. */
export interface IndexedName {
  readonly name: string;
  /** 1 is the first value; undefined means all values. 0 and below are a deployment error. */
  readonly index: number | undefined;
}

export function indexedName(written: string): IndexedName {
  const parts = /^(.+)\.(-?\d+)$/.exec(written);
  const name = parts?.[1];
  return name === undefined
    ? { name: written, index: undefined }
    : { name, index: Number(parts?.[2]) };
}
