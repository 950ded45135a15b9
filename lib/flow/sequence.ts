/** A part of a transaction. Returns a promise only when it really waits, so most run within one tick. */
export type Part<Subject> = (subject: Subject) => void | Promise<void>;

/** Runs parts one after another. A part that throws ends the sequence. */
export function sequence<Subject>(parts: readonly Part<Subject>[]): Part<Subject> {
  const [only, ...more] = parts;
  if (only === undefined) return () => undefined;
  if (more.length === 0) return only;
  return (subject) => runFrom(parts, 0, subject);
}

function runFrom<Subject>(
  parts: readonly Part<Subject>[],
  start: number,
  subject: Subject,
): void | Promise<void> {
  for (let at = start; at < parts.length; at++) {
    const pending = parts[at]?.(subject);
    if (pending !== undefined) return pending.then(() => runFrom(parts, at + 1, subject));
  }
}
