import type { CopyNode, RemoveNode } from './grammar.ts';
import { indexedName, type IndexedName } from './indexed-name.ts';

/** Which headers or parameters: every one, or those named. */
export type NameSelection = 'all' | readonly IndexedName[];

type Container = { readonly value: boolean | undefined } | undefined;
interface Named {
  readonly name: string;
  readonly value: boolean | undefined;
}

/**
 * What the container of a Copy or Remove selects. Empty means all, the text `false` none; a child whose
 * text is `false` is left out.
 */
export function nameSelection(
  container: Container,
  parts: readonly Named[] | undefined,
): NameSelection {
  if (container === undefined || container.value === false) return [];
  if (parts === undefined || parts.length === 0) return 'all';
  return parts
    .filter(({ name, value }) => name !== '' && value !== false)
    .map(({ name }) => indexedName(name));
}

/** Whether an action names no part at all, which means the whole message. */
export function namesNothing(action: CopyNode | RemoveNode): boolean {
  return (
    action.headers === undefined &&
    action.queryParams === undefined &&
    action.formParams === undefined &&
    action.payload === undefined &&
    action.verb === undefined &&
    action.version === undefined &&
    action.path === undefined &&
    action.statusCode === undefined &&
    action.reasonPhrase === undefined
  );
}
