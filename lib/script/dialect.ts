import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import { placeOf } from '../diagnostic/place.ts';
import { walk, type AnyNode, type Program } from './syntax-tree.ts';

/**
 * Warns of syntax that runs here but that Apigee's engine, Rhino 1.7.13, refuses to compile: once for each
 * kind in a file ("JavaScript policy").
 */
export function checkDialect(
  text: string,
  program: Program,
  origin: Location,
  report: Report,
): void {
  const told = new Set<string>();
  walk(program, (node, parent) => {
    for (const kind of modernSyntax(node, parent)) {
      if (kind === false || told.has(kind)) continue;
      told.add(kind);
      report(
        diagnosticAt(
          placeOf(origin, text, node.start),
          'warning',
          'ScriptCompilationFailed',
          `Apigee's JavaScript engine, Rhino 1.7.13, does not know ${kind}.`,
          'It runs here, but would stop a deployment to Apigee: write it in ECMAScript 5.',
        ),
      );
    }
    return 'enter';
  });
}

type Finder<Node extends AnyNode> = (
  node: Node,
  parent: AnyNode | undefined,
) => readonly (string | false)[];

type FunctionNode = Extract<
  AnyNode,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>;

const ofFunction: Finder<FunctionNode> = ({ async, params }) => [
  async && 'async functions',
  params.some(({ type }) => type === 'AssignmentPattern') && 'default values of parameters',
  params.some(({ type }) => type === 'RestElement') && 'rest parameters',
];

/** What of a node's syntax is newer than Rhino, in words. */
const finders: {
  readonly [Type in AnyNode['type']]?: Finder<Extract<AnyNode, { type: Type }>>;
} = {
  ClassDeclaration: () => ['classes'],
  ClassExpression: () => ['classes'],
  TemplateLiteral: () => ['template literals'],
  FunctionDeclaration: ofFunction,
  FunctionExpression: ofFunction,
  ArrowFunctionExpression: ofFunction,
  SpreadElement: (_node, parent) => [
    parent?.type === 'ObjectExpression' ? 'spreading into objects' : 'spreading into lists',
  ],
  ArrayPattern: ({ elements }) => modernPattern(elements),
  ObjectPattern: ({ properties }) =>
    modernPattern(properties.map((one) => (one.type === 'Property' ? one.value : one))),
  Property: ({ computed }) => [computed && 'computed names in objects'],
  ChainExpression: () => ['optional chaining (?.)'],
  LogicalExpression: ({ operator }) => [operator === '??' && 'the operator ??'],
  BinaryExpression: ({ operator }) => [operator === '**' && 'the operator **'],
  AssignmentExpression: ({ operator }) => [
    ['**=', '&&=', '||=', '??='].includes(operator) && `the operator ${operator}`,
  ],
  CatchClause: ({ param }) => [param == null && 'catch without a variable'],
  MetaProperty: () => ['new.target'],
  ImportExpression: () => ['import()'],
  Literal: modernLiteral,
};

function modernSyntax(node: AnyNode, parent: AnyNode | undefined): readonly (string | false)[] {
  // The table pairs each type with a function for nodes of that type.
  const find = finders[node.type] as Finder<AnyNode> | undefined;
  return find?.(node, parent) ?? [];
}

function modernPattern(parts: readonly (AnyNode | null)[]): readonly (string | false)[] {
  return [
    parts.some((part) => part?.type === 'AssignmentPattern') && 'default values in patterns',
    parts.some((part) => part?.type === 'RestElement') && 'rest elements in patterns',
  ];
}

function modernLiteral({
  bigint,
  raw = '',
  regex,
  value,
}: Extract<AnyNode, { type: 'Literal' }>): readonly (string | false)[] {
  const flag = /[^gim]/.exec(regex?.flags ?? '')?.[0];
  // What stands in a class or behind a backslash is no group.
  const pattern = (regex?.pattern ?? '').replace(/\\[^]|\[(?:\\[^]|[^\]\\])*\]/g, '');
  return [
    bigint != null && 'big integers',
    typeof value === 'number' && raw.includes('_') && 'underscores in numbers',
    flag !== undefined && `the flag ${flag} of regular expressions`,
    pattern.includes('(?<') && 'named groups and lookbehind in regular expressions',
  ];
}
