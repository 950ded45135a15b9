/** A base path that an API proxy may have ("API proxy configuration reference", BasePath). */
export interface BasePath {
  /** As configured, without a slash at its end: `/v1/orders`; the root is `/`. */
  readonly text: string;
  /** A wildcard is `*`. Empty for the root. */
  readonly segments: readonly string[];
}

export type BasePathReading =
  | { readonly kind: 'valid'; readonly basePath: BasePath }
  /** `reason` is a sentence for people. */
  | { readonly kind: 'invalid'; readonly reason: string };

const wildcard = '*';

/** Reads a base path; blank text is the root. A slash at the end makes no difference. */
export function parseBasePath(text: string): BasePathReading {
  const written = text.trim();
  const path = written === '' ? '/' : written;
  if (!path.startsWith('/')) return invalid('It must start with a slash.');
  const whole = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  const segments = segmentsOf(whole === '/' ? '' : whole);
  if (segments.includes('**')) {
    return invalid('A wildcard stands for one segment, so write * and not **.');
  }
  if (segments[0] === wildcard) return invalid('Its first segment must not be a wildcard.');
  return { kind: 'valid', basePath: { text: whole, segments } };
}

function invalid(reason: string): BasePathReading {
  return { kind: 'invalid', reason };
}

/** What stands between the slashes; nothing for the empty path. */
function segmentsOf(path: string): readonly string[] {
  return path === '' ? [] : path.slice(1).split('/');
}

/** A base path that a request's path begins with. */
export interface BasePathMatch<T> {
  readonly basePath: BasePath;
  readonly value: T;
  /** The rest of the path, empty or with its leading slash: Apigee's `proxy.pathsuffix`. */
  readonly suffix: string;
}

/**
 * Finds the base path of a request. Whole segments are compared, in the case and encoding they were
 * sent in. The longest base path wins; of two as long, the one with a literal where the other has a
 * wildcard, looking from the left.
 */
export class BasePathTable<T> {
  readonly #root: Branch<T> = newBranch();

  /** Adds a base path. Returns what already has it, and then changes nothing. */
  add(basePath: BasePath, value: T): T | undefined {
    let branch = this.#root;
    for (const segment of basePath.segments) {
      const below = branch.below.get(segment) ?? newBranch();
      branch.below.set(segment, below);
      branch = below;
    }
    if (branch.entry !== undefined) return branch.entry.value;
    branch.entry = { basePath, value };
    return undefined;
  }

  /** @param path of a request, without its query */
  match(path: string): BasePathMatch<T> | undefined {
    if (!path.startsWith('/')) return undefined;
    const segments = segmentsOf(path);
    const best = deepest(this.#root, segments);
    if (best === undefined) return undefined;
    const { basePath, value } = best;
    let length = 0;
    for (let at = 0; at < basePath.segments.length; at += 1) {
      length += 1 + (segments[at] ?? '').length;
    }
    return { basePath, value, suffix: path.slice(length) };
  }
}

interface Branch<T> {
  readonly below: Map<string, Branch<T>>;
  entry: { readonly basePath: BasePath; readonly value: T } | undefined;
}

function newBranch<T>(): Branch<T> {
  return { below: new Map(), entry: undefined };
}

/** The entry farthest below; literals are tried first, so that among equals they win. */
function deepest<T>(root: Branch<T>, segments: readonly string[]): Branch<T>['entry'] {
  let level: readonly Branch<T>[] = [root];
  let best = root.entry;
  for (const segment of segments) {
    // In the order of preference, which the order of their parents keeps.
    const next: Branch<T>[] = [];
    for (const { below } of level) {
      const literal = segment === wildcard ? undefined : below.get(segment);
      const any = segment === '' ? undefined : below.get(wildcard);
      if (literal !== undefined) next.push(literal);
      if (any !== undefined) next.push(any);
    }
    if (next.length === 0) return best;
    best = next.find(({ entry }) => entry !== undefined)?.entry ?? best;
    level = next;
  }
  return best;
}
