import type { LocatedValue } from '../../environment/located-value.ts';
import type { Location } from '../../diagnostic/location.ts';

/** Where the innermost part of a path stands that is there; of a member, its name. */
export function locationAt(root: LocatedValue, path: readonly string[]): Location {
  const [name, ...rest] = path;
  if (name === undefined || root.kind === 'scalar') return root.location;
  if (root.kind === 'list') {
    const item = root.items[Number(name)];
    return item === undefined ? root.location : locationAt(item, rest);
  }
  const entry = root.entries.get(name);
  if (entry === undefined) return root.location;
  return rest.length === 0 ? entry.location : locationAt(entry.value, rest);
}

/** The value at the end of a path; undefined if there is none. */
export function valueAt(root: LocatedValue, path: readonly string[]): LocatedValue | undefined {
  let value: LocatedValue | undefined = root;
  for (const name of path) {
    if (value?.kind === 'list') value = value.items[Number(name)];
    else if (value?.kind === 'map') value = value.entries.get(name)?.value;
    else return undefined;
  }
  return value;
}

/** How many values a document stands for, each alias counted as what it stands for. */
export function expandedSize(root: LocatedValue): number {
  const known = new Map<LocatedValue, number>();
  const sizeOf = (value: LocatedValue): number => {
    let size = known.get(value);
    if (size !== undefined) return size;
    size = 1;
    if (value.kind === 'list') for (const item of value.items) size += sizeOf(item);
    if (value.kind === 'map')
      for (const entry of value.entries.values()) size += sizeOf(entry.value);
    known.set(value, size);
    return size;
  };
  return sizeOf(root);
}

/** Data without its places. A name such as __proto__ is a name like any other. */
export function plainValue(located: LocatedValue): unknown {
  switch (located.kind) {
    case 'scalar':
      return located.value;
    case 'list':
      return located.items.map(plainValue);
    case 'map':
      return Object.fromEntries(
        [...located.entries].map(([name, { value }]) => [name, plainValue(value)] as const),
      );
  }
}
