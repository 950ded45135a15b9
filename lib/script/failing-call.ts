import type { SourceFile } from './source-file.ts';
import { innermost, isFunction, type AnyNode } from './syntax-tree.ts';

/** The type and text of what an expression of a file is worth, if that can be known after the failure. */
export type Inspect = (
  file: SourceFile,
  expression: AnyNode,
) => { readonly type: string; readonly text: string } | undefined;

const failing: ReadonlySet<string> = new Set([
  'CallExpression',
  'NewExpression',
  'MemberExpression',
  'AssignmentExpression',
]);

/**
 * The call, assignment or member that the engine points at: at the bracket of a call, at the dot of a
 * member. A member that is called stands for its call, one that is assigned for its assignment.
 */
export function failingNode(file: SourceFile, line: number, column: number): AnyNode | undefined {
  const offset = file.offsetOf(line, column);
  const { program } = file;
  const node = innermost(program, offset, ({ type }) => failing.has(type));
  if (node?.type !== 'MemberExpression') return node;
  const around = innermost(
    program,
    offset,
    (one) =>
      (one.type === 'CallExpression' && one.callee === node) ||
      (one.type === 'AssignmentExpression' && one.left === node),
  );
  return around ?? node;
}

/** Rhino's words for a call of what is no function. */
export function calledText(node: AnyNode, file: SourceFile, inspect: Inspect): string | undefined {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
  const { callee } = node;
  const value = inspect(file, callee);
  if (callee.type !== 'MemberExpression' || node.type === 'NewExpression') {
    return `${file.textOf(callee)} is not a function, it is ${value?.type ?? 'undefined'}.`;
  }
  const object = inspect(file, callee.object)?.text ?? '[object Object]';
  const name =
    !callee.computed && callee.property.type === 'Identifier'
      ? callee.property.name
      : (inspect(file, callee.property)?.text ?? file.textOf(callee.property));
  if (value === undefined || value.type === 'undefined') {
    return `Cannot find function ${name} in object ${object}.`;
  }
  const type = value.type === 'null' ? 'object' : value.type;
  return `Cannot call property ${name} in object ${object}. It is not a function, it is "${type}".`;
}

/**
 * The text of an expression that may be evaluated again, in the global scope: it calls nothing, changes
 * nothing, and no function around it could give its names another meaning.
 */
export function repeatable(file: SourceFile, expression: AnyNode): string | undefined {
  if (!isPure(expression)) return undefined;
  const isLocal =
    hasNames(expression) &&
    innermost(
      file.program,
      expression.start,
      (node) => isFunction(node) && node.start < expression.start,
    ) !== undefined;
  return isLocal ? undefined : file.textOf(expression);
}

function isPure(node: AnyNode | null): boolean {
  if (node === null || plain.has(node.type)) return true;
  if (node.type === 'MemberExpression') {
    return isPure(node.object) && (!node.computed || isPure(node.property));
  }
  if (node.type === 'ArrayExpression') return node.elements.every(isPure);
  if (node.type === 'ObjectExpression') {
    return node.properties.every((one) => one.type === 'Property' && isPure(one.value));
  }
  if (node.type === 'UnaryExpression') return node.operator !== 'delete' && isPure(node.argument);
  return node.type === 'BinaryExpression' && isPure(node.left) && isPure(node.right);
}

const plain: ReadonlySet<string> = new Set(['Identifier', 'Literal', 'ThisExpression']);

function hasNames(node: AnyNode | null): boolean {
  if (node === null || node.type === 'Literal') return false;
  if (node.type === 'MemberExpression') {
    return hasNames(node.object) || (node.computed && hasNames(node.property));
  }
  if (node.type === 'ArrayExpression') return node.elements.some(hasNames);
  return node.type === 'UnaryExpression' ? hasNames(node.argument) : true;
}
