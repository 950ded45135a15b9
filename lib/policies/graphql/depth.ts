import { Kind } from 'graphql/language/kinds.js';
import type { FragmentDefinitionNode, SelectionSetNode } from 'graphql';
import type { GraphQlRequest } from './parse.ts';

/** What one definition adds: its own depth, and where it spreads which fragments. */
interface Extent {
  readonly own: number;
  readonly spreads: readonly { readonly name: string; readonly at: number }[];
}

/**
 * How deep selections nest, fragments counted as if they were written where they are spread: `{ a { b } }`
 * is 2. Infinity for fragments that spread themselves. Takes time in proportion to the request.
 */
export function requestDepth({ operations, fragments }: GraphQlRequest): number {
  const depths = fragmentDepths(fragments);
  return Math.max(...operations.map(({ selectionSet }) => depthOf(extentOf(selectionSet), depths)));
}

function depthOf({ own, spreads }: Extent, depths: ReadonlyMap<string, number>): number {
  // A fragment that is not defined is for the validation to refuse.
  return Math.max(own, ...spreads.map(({ name, at }) => at + (depths.get(name) ?? 0)));
}

/** Fields directly in a selection set are at depth 1 of it; a fragment begins where it is spread. */
function extentOf(selectionSet: SelectionSetNode): Extent {
  let own = 0;
  const spreads: { name: string; at: number }[] = [];
  const visit = ({ selections }: SelectionSetNode, above: number): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        spreads.push({ name: selection.name.value, at: above });
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        visit(selection.selectionSet, above);
      } else {
        own = Math.max(own, above + 1);
        if (selection.selectionSet !== undefined) visit(selection.selectionSet, above + 1);
      }
    }
  };
  visit(selectionSet, 0);
  return { own, spreads };
}

/** Works without recursion: a chain of fragments may be as long as a request. */
function fragmentDepths(
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): ReadonlyMap<string, number> {
  const extents = new Map(
    [...fragments].map(([name, { selectionSet }]) => [name, extentOf(selectionSet)] as const),
  );
  const depths = new Map<string, number>();
  for (const start of extents.keys()) {
    const waiting = [start];
    const entered = new Set<string>();
    for (let name = waiting.at(-1); name !== undefined; name = waiting.at(-1)) {
      const extent = extents.get(name);
      if (extent === undefined || depths.has(name)) {
        waiting.pop();
        continue;
      }
      if (entered.has(name)) {
        // All that it spreads is known by now, or spreads this one.
        const isCircular = extent.spreads.some(
          (spread) => extents.has(spread.name) && !depths.has(spread.name),
        );
        depths.set(name, isCircular ? Infinity : depthOf(extent, depths));
        waiting.pop();
        continue;
      }
      entered.add(name);
      for (const spread of extent.spreads) if (!entered.has(spread.name)) waiting.push(spread.name);
    }
  }
  return depths;
}
