import { calledText, failingNode, type Inspect } from './failing-call.ts';
import type { Script } from './script.ts';
import type { SourceFile } from './source-file.ts';
import type { AnyNode } from './syntax-tree.ts';
import type { Thrown, ThrownError } from './thrown.ts';

/** An error as Rhino, Apigee's engine, tells it. */
export interface RhinoError {
  /** Without the type: `"x" is not defined.` */
  readonly message: string;
  /** `ReferenceError`; undefined for a thrown value that is no error. */
  readonly type: string | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;
}

/** `ReferenceError: "x" is not defined. (main.js:3)` */
export function rhinoText({ type, message, file, line }: RhinoError): string {
  const text = type === undefined ? message : message === '' ? type : `${type}: ${message}`;
  return file === undefined || line === undefined ? text : `${text} (${file}:${line})`;
}

/** Where the engine says that an error arose. */
interface Site {
  readonly file: SourceFile;
  readonly line: number;
  readonly column: number;
}

/**
 * Tells an error in Rhino's words. The engine says less than Rhino does, so that the rest is taken from the
 * script's text, and from the values of global variables, which `inspect` reads.
 */
export function rhinoError(thrown: Thrown, script: Script, inspect: Inspect): RhinoError {
  if (thrown.kind === 'value') {
    return { type: undefined, message: thrown.text, file: thrown.file, line: thrown.line };
  }
  const site = siteOf(thrown, script);
  return {
    type: thrown.name,
    message: messageOf(thrown, site, inspect),
    file: thrown.file ?? site?.file.name,
    line: thrown.line ?? site?.line,
  };
}

function siteOf({ stack }: ThrownError, { files }: Script): Site | undefined {
  for (const [, name = '', line, column] of stack.matchAll(/\(?([^()\n]+?):(\d+):(\d+)\)?$/gm)) {
    const file = files.find((one) => one.name === name.trim());
    if (file !== undefined) return { file, line: Number(line), column: Number(column) };
  }
  return undefined;
}

/** Finds the words for what the engine says; `undefined` where they are not known. */
type Wording = (
  parts: readonly string[],
  node: AnyNode | undefined,
  site: Site | undefined,
  inspect: Inspect,
) => string | undefined;

const quoted =
  (wording: string): Wording =>
  () =>
    wording;

const wordings: readonly (readonly [pattern: RegExp, wording: Wording])[] = [
  [/^'(.+)' is not defined$/, ([name]) => `"${name ?? ''}" is not defined.`],
  [/^cannot read property '(.*)' of (undefined|null)$/, readOfNothing],
  [
    /^cannot read property of (undefined|null)$/,
    ([of], node, site, inspect) => {
      const name = computedName(node, site, inspect);
      return name === undefined ? undefined : readOfNothing([name, of ?? ''], node);
    },
  ],
  [
    /^cannot set property '(.*)' of (undefined|null)$/,
    ([name, of], node, site, inspect) => {
      const value = assignedText(node, site, inspect);
      return `Cannot set property "${name ?? ''}" of ${of ?? ''} to "${value}"`;
    },
  ],
  [
    /^(?:cannot|could not) delete property '(.*)' of (undefined|null)$/,
    ([name, of]) => `Cannot delete property "${name ?? ''}" of ${of ?? ''}`,
  ],
  [
    /^not a function$/,
    (_parts, node, site, inspect) =>
      node === undefined || site === undefined ? undefined : calledText(node, site.file, inspect),
  ],
  [/^invalid 'in' operand$/, quoted("Can't use 'in' on a non-object.")],
  [/^invalid 'instanceof' right operand$/, quoted("Can't use 'instanceof' on a non-object.")],
  [/^Date value is NaN$/, quoted('Date is invalid.')],
  [
    /^invalid number of digits$/,
    (_parts, node, site, inspect) => {
      const digits = firstArgument(node, site, inspect);
      return digits === undefined ? undefined : `Precision ${digits} out of range.`;
    },
  ],
  [/^invalid array length$/, quoted('Inappropriate array length.')],
  [/^invalid repeat count$/, quoted('Invalid count value')],
  [/^unexpected token: '(.).*'$/, ([token]) => `Unexpected token: ${token ?? ''}.`],
  [/^unexpected token: (.)/, ([token]) => `Unexpected token: ${token ?? ''}.`],
  [/^(?:Unexpected end of JSON input|unexpected end of input)$/i, quoted('Empty JSON string')],
  [/^circular reference$/, quoted('Cyclic value not allowed.')],
  [/^(?:expecting hex digit|malformed UTF-8|invalid URI)/i, quoted('Malformed URI sequence.')],
  [/^empty array$/, quoted('Reduce of empty array with no initial value')],
];

function messageOf(thrown: ThrownError, site: Site | undefined, inspect: Inspect): string {
  for (const [pattern, wording] of wordings) {
    const match = pattern.exec(thrown.message);
    if (match === null) continue;
    const node = site === undefined ? undefined : failingNode(site.file, site.line, site.column);
    return wording(match.slice(1), node, site, inspect) ?? thrown.message;
  }
  return thrown.message;
}

function readOfNothing(parts: readonly string[], node: AnyNode | undefined): string {
  const [name = '', of = ''] = parts;
  return node?.type === 'CallExpression'
    ? `Cannot call method "${name}" of ${of}`
    : `Cannot read property "${name}" from ${of}`;
}

/** The name that brackets hold, if that can still be known. */
function computedName(
  node: AnyNode | undefined,
  site: Site | undefined,
  inspect: Inspect,
): string | undefined {
  const member = node?.type === 'CallExpression' ? node.callee : node;
  if (member?.type !== 'MemberExpression' || site === undefined) return undefined;
  return inspect(site.file, member.property)?.text;
}

function assignedText(node: AnyNode | undefined, site: Site | undefined, inspect: Inspect): string {
  const value = node?.type === 'AssignmentExpression' ? node.right : undefined;
  if (value === undefined || site === undefined) return '';
  return inspect(site.file, value)?.text ?? '';
}

function firstArgument(
  node: AnyNode | undefined,
  site: Site | undefined,
  inspect: Inspect,
): string | undefined {
  const first = node?.type === 'CallExpression' ? node.arguments[0] : undefined;
  return first === undefined || site === undefined ? undefined : inspect(site.file, first)?.text;
}
