/**
 * Joins the path of a base URL with a message's path, with exactly one slash between them, and the URL's
 * query with the message's, in that order. What stands in the URL stays as written.
 */
export function requestTarget(
  base: { readonly path: string; readonly query: string },
  message: { readonly path: string; readonly query: string },
): string {
  const path = joinPaths(base.path, message.path);
  const query =
    base.query === '' || message.query === ''
      ? base.query + message.query
      : `${base.query}&${message.query}`;
  return query === '' ? path : `${path}?${query}`;
}

/** `/base/` and `users` give `/base/users`; two empty paths give `/`. */
export function joinPaths(base: string, path: string): string {
  if (path === '') return base === '' ? '/' : base;
  const start = base.endsWith('/') ? base.slice(0, -1) : base;
  return path.startsWith('/') ? start + path : `${start}/${path}`;
}
