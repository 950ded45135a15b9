import type { ArrayPath } from './options.ts';

/** What TreatAsArray says of the elements at one place, and of those below it. */
export interface ArrayPlace {
  readonly array: ArrayPath | undefined;
  readonly below: ReadonlyMap<string, ArrayPlace>;
}

interface GrowingPlace extends ArrayPlace {
  array: ArrayPath | undefined;
  readonly below: Map<string, GrowingPlace>;
}

const newPlace = (): GrowingPlace => ({ array: undefined, below: new Map() });

/** The paths as a tree of names, so that a document is walked once whatever their number. */
export function arrayPlaces(paths: readonly ArrayPath[]): ArrayPlace {
  const top = newPlace();
  for (const path of paths) {
    let place = top;
    for (const name of path.names) {
      const next = place.below.get(name) ?? newPlace();
      place.below.set(name, next);
      place = next;
    }
    place.array = path;
  }
  return top;
}
