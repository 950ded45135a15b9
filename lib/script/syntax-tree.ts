import type { AnyNode, Program } from 'acorn';

export type { AnyNode, Program } from 'acorn';

/** The nodes directly below a node, in the order of the text. */
export function childNodes(node: AnyNode): readonly AnyNode[] {
  const children: AnyNode[] = [];
  for (const value of Object.values(node) as unknown[]) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isNode(one)) children.push(one);
    }
  }
  return children;
}

function isNode(value: unknown): value is AnyNode {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    'start' in value
  );
}

/** What to do below a node that was visited. */
export type Descent = 'enter' | 'pass';

/** Visits a tree from the top, without recursion: a script may be nested as deep as it likes. */
export function walk(
  root: AnyNode,
  visit: (node: AnyNode, parent: AnyNode | undefined) => Descent,
): void {
  const open: { readonly node: AnyNode; readonly parent: AnyNode | undefined }[] = [
    { node: root, parent: undefined },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, parent } = next;
    if (visit(node, parent) === 'pass') continue;
    for (const child of childNodes(node).toReversed()) open.push({ node: child, parent: node });
  }
}

export function isFunction(node: AnyNode): boolean {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

/** The innermost node that covers an offset and fulfils a condition. */
export function innermost(
  program: Program,
  offset: number,
  fits: (node: AnyNode) => boolean,
): AnyNode | undefined {
  let found: AnyNode | undefined;
  walk(program, (node) => {
    if (offset < node.start || offset >= node.end) return 'pass';
    if (fits(node)) found = node;
    return 'enter';
  });
  return found;
}
