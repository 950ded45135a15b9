import type { Bundle } from '../../bundle/bundle.ts';
import type { Location } from '../../diagnostic/location.ts';
import { partsOf, type Part } from './parts.ts';

/** A part and how often it was reached; of a condition, how often it held and did not. */
export interface CoveredPart extends Part {
  readonly reached: number;
  readonly missed: number;
}

export interface CoveredFile {
  readonly file: string;
  /** In the order of the file. */
  readonly parts: readonly CoveredPart[];
}

interface Tally {
  readonly part: Part;
  reached: number;
  missed: number;
}

/** Counts what the cases of a run reach in the bundles and policies that they name. */
export class Coverage {
  readonly #tallies = new Map<string, Tally>();
  readonly #sharedFlows = new Map<string, Location>();
  readonly #bundles = new Set<string>();

  /** Adds what is in a bundle, once. */
  know(bundle: Bundle): void {
    if (this.#bundles.has(bundle.path)) return;
    this.#bundles.add(bundle.path);
    for (const part of partsOf(bundle)) this.#add(part);
    const entry = bundle.sharedFlows.get('default') ?? [...bundle.sharedFlows.values()][0];
    if (entry !== undefined) this.#sharedFlows.set(bundle.name, entry.location);
  }

  /** Adds a policy that runs alone. */
  knowPolicy(name: string, location: Location): void {
    this.#add({ kind: 'policy', name, location });
  }

  /** A step, flow, rule or policy was reached. */
  reached(location: Location): void {
    const tally = this.#tallies.get(keyOf(location));
    if (tally === undefined) return;
    tally.reached += 1;
    if (tally.part.policy !== undefined) this.reached(tally.part.policy);
  }

  /** A condition was asked. */
  asked(location: Location, holds: boolean): void {
    const tally = this.#tallies.get(keyOf(location));
    if (tally === undefined) return;
    if (holds) tally.reached += 1;
    else tally.missed += 1;
  }

  reachedSharedFlow(name: string): void {
    const location = this.#sharedFlows.get(name);
    if (location !== undefined) this.reached(location);
  }

  /** What was counted so far, by file. */
  files(): readonly CoveredFile[] {
    const files = new Map<string, CoveredPart[]>();
    for (const { part, reached, missed } of this.#tallies.values()) {
      const parts = files.get(part.location.file) ?? [];
      files.set(part.location.file, parts);
      parts.push({ ...part, reached, missed });
    }
    return [...files]
      .map(([file, parts]) => ({ file, parts: parts.sort(byPlace) }))
      .sort((one, other) => (one.file < other.file ? -1 : 1));
  }

  #add(part: Part): void {
    const key = keyOf(part.location);
    if (!this.#tallies.has(key)) this.#tallies.set(key, { part, reached: 0, missed: 0 });
  }
}

function keyOf({ file, line, column }: Location): string {
  return `${line}:${column}:${file}`;
}

function byPlace({ location: one }: Part, { location: other }: Part): number {
  return one.line - other.line || one.column - other.column;
}
