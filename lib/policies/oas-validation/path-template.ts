/** A path of the document, such as `/pets/{id}`, ready to be compared. */
export interface PathTemplate {
  readonly path: string;
  /** Values of its parameters by name, not decoded, if a request's path matches. */
  match(path: string): ReadonlyMap<string, string> | undefined;
  /** Segments without a parameter: of several templates that match, the one with most wins. */
  readonly literals: number;
}

/** A segment's texts and the names between them: one text more than names. */
interface Segment {
  readonly texts: readonly string[];
  readonly names: readonly string[];
}

export function compilePathTemplate(path: string): PathTemplate {
  const segments = segmentsOf(path).map(parseSegment);
  return {
    path,
    literals: segments.filter(({ names }) => names.length === 0).length,
    match(requested) {
      const parts = segmentsOf(requested);
      if (parts.length !== segments.length) return undefined;
      const values = new Map<string, string>();
      const matches = segments.every((segment, at) =>
        matchSegment(segment, parts[at] ?? '', values),
      );
      return matches ? values : undefined;
    },
  };
}

/** A slash at the end means nothing. */
function segmentsOf(path: string): readonly string[] {
  return path.replace(/^\//, '').replace(/\/$/, '').split('/');
}

function parseSegment(segment: string): Segment {
  const parts = segment.split(/\{([^{}]*)\}/);
  return {
    texts: parts.filter((_, index) => index % 2 === 0),
    names: parts.filter((_, index) => index % 2 === 1),
  };
}

/** Values end where the next text first stands, and are never empty. */
function matchSegment(
  { texts, names }: Segment,
  part: string,
  values: Map<string, string>,
): boolean {
  const [first = '', ...rest] = texts;
  if (names.length === 0) return decoded(part) === decoded(first);
  if (!part.startsWith(first)) return false;
  let at = first.length;
  for (const [index, name] of names.entries()) {
    const text = rest[index] ?? '';
    const isLast = index === names.length - 1;
    const end = isLast ? part.length - text.length : part.indexOf(text, at + 1);
    if (end <= at || !part.startsWith(text, end)) return false;
    values.set(name, part.slice(at, end));
    at = end + text.length;
  }
  return true;
}

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
