import { parse } from 'acorn';
import { EditedText, type Edit } from './edited-text.ts';
import { isFunction, walk, type AnyNode, type Program } from './syntax-tree.ts';

/** A file of a script, as it is given. */
export interface ScriptText {
  /** Shown in error texts. */
  readonly name: string;
  readonly text: string;
}

/** The name by which a file reaches what it needs of the sandbox: `declare`, `caught` and `thrown`. */
const support = '$script';

/**
 * A file made ready for the sandbox: wrapped into a function, so that it is compiled once. Its variables
 * and functions become those of the global scope, as if it had been evaluated there.
 */
export class SourceFile {
  readonly name: string;
  /** An expression that gives a function of one parameter. */
  readonly code: string;
  readonly #text: string;
  readonly #edited: EditedText;
  #program: Program | undefined;

  /** In a shared scope other files see what this one declares. */
  constructor({ name, text }: ScriptText, program: Program, scope: 'alone' | 'shared') {
    this.name = name;
    this.#text = text;
    const declared = new Declarations(program, scope);
    const strict = isStrict(program) ? '"use strict";' : '';
    const header = `(function(${support}){${strict}${declared.prologue}`;
    this.#edited = new EditedText(text, [
      { start: 0, end: 0, text: header },
      ...declared.edits,
      ...caughtErrors(program),
      ...thrownValues(text, program),
    ]);
    this.code = `${this.#edited.text}\n})`;
  }

  get program(): Program {
    return (this.#program ??= parseScript(this.#text));
  }

  /** Where in the file something stands that the engine places at a line and column of the code. */
  offsetOf(line: number, column: number): number {
    return this.#edited.originalOffset(line, column);
  }

  /** The text of a node. */
  textOf({ start, end }: { readonly start: number; readonly end: number }): string {
    return this.#text.slice(start, end);
  }
}

/** @throws {SyntaxError} acorn's, with `pos` and `loc` */
export function parseScript(text: string): Program {
  return parse(text, { ecmaVersion: 'latest', sourceType: 'script', allowHashBang: false });
}

function isStrict({ body }: Program): boolean {
  for (const statement of body) {
    if (statement.type !== 'ExpressionStatement' || statement.directive === undefined) return false;
    if (statement.directive === 'use strict') return true;
  }
  return false;
}

/** What a file declares in the global scope. */
class Declarations {
  readonly edits: Edit[] = [];
  readonly #variables = new Set<string>();
  readonly #functions = new Set<string>();

  constructor(program: Program, scope: 'alone' | 'shared') {
    for (const statement of program.body) {
      if (statement.type === 'FunctionDeclaration') this.#functions.add(statement.id.name);
      // Lexical declarations stay what they are, unless another file has to see them.
      if (statement.type === 'VariableDeclaration' && scope === 'shared') this.#take(statement);
    }
    walk(program, (node, parent) => {
      if (isFunction(node) || node.type === 'ClassBody') return 'pass';
      if (node.type === 'VariableDeclaration' && node.kind === 'var') {
        if (scope === 'alone' || parent?.type !== 'Program') this.#take(node, parent);
      }
      return 'enter';
    });
  }

  /** Declares what has to be there before the first statement runs. */
  get prologue(): string {
    const functions = [...this.#functions].join(',');
    const variables = [...this.#variables].filter((name) => !this.#functions.has(name));
    if (functions === '' && variables.length === 0) return '';
    return `${support}.declare(${JSON.stringify(variables)},{${functions}});`;
  }

  /** Makes a declaration an assignment to global variables: only its keyword goes. */
  #take(node: VariableDeclaration, parent?: AnyNode): void {
    const { start, kind, declarations } = node;
    const last = declarations.at(-1);
    if (last === undefined) return;
    const isStatement = parent === undefined || parent.type === 'Program';
    const isPlain = declarations.every(({ id }) => id.type === 'Identifier');
    const hasStrangeHead = parent?.type === 'ForInStatement' && last.init != null;
    // Rare; such variables stay the file's own.
    if (hasStrangeHead || !(isPlain || isStatement)) return;
    for (const { id } of declarations) for (const name of namesIn(id)) this.#variables.add(name);
    const blanks = ' '.repeat(kind.length);
    if (isPlain) {
      this.edits.push({ start, end: start + kind.length, text: blanks });
      return;
    }
    // A pattern on the left of an assignment stands in parentheses.
    this.edits.push({ start, end: start + kind.length, text: `${blanks.slice(2)};(` });
    this.edits.push({ start: last.end, end: last.end, text: ')' });
  }
}

type VariableDeclaration = Extract<AnyNode, { type: 'VariableDeclaration' }>;

function namesIn(pattern: AnyNode): readonly string[] {
  const names: string[] = [];
  walk(pattern, (node, parent) => {
    if (node.type !== 'Identifier') return node.type === 'MemberExpression' ? 'pass' : 'enter';
    const isKey = parent?.type === 'Property' && parent.key === node && parent.value !== node;
    const isDefault = parent?.type === 'AssignmentPattern' && parent.right === node;
    if (!isKey && !isDefault) names.push(node.name);
    return 'pass';
  });
  return names;
}

/** A script sees an error with the text that Rhino gives it. */
function caughtErrors(program: Program): readonly Edit[] {
  const edits: Edit[] = [];
  walk(program, (node) => {
    if (node.type === 'CatchClause' && node.param?.type === 'Identifier') {
      const { name } = node.param;
      const at = node.body.start + 1;
      edits.push({ start: at, end: at, text: `${name}=${support}.caught(${name});` });
    }
    return 'enter';
  });
  return edits;
}

/** What is thrown is told together with its line: a thrown text has no stack of its own. */
function thrownValues(text: string, program: Program): readonly Edit[] {
  const edits: Edit[] = [];
  walk(program, (node) => {
    if (node.type === 'ThrowStatement') {
      const { start, end } = node.argument;
      const line = text.slice(0, node.start).split('\n').length;
      edits.push({ start, end: start, text: `${support}.thrown((` });
      edits.push({ start: end, end, text: `),${line})` });
    }
    return 'enter';
  });
  return edits;
}
