import { Kind } from 'graphql/language/kinds.js';
import { TokenKind } from 'graphql/language/tokenKind.js';
import type { DocumentNode, FragmentDefinitionNode, OperationDefinitionNode } from 'graphql';
import { invalidPayload } from './faults.ts';
import { graphqlPackage } from './graphql-package.ts';

/** Operations and fragments of a request. */
export interface GraphQlRequest {
  readonly document: DocumentNode;
  readonly operations: readonly [OperationDefinitionNode, ...OperationDefinitionNode[]];
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** How many fragments are defined, those of one name counted one by one. */
  readonly fragmentCount: number;
  /** How many words its text has. */
  readonly tokens: number;
}

/** The parser recurses, and so does whoever walks what it gives. */
const deepestNesting = 200;
const mostTokens = 10_000;
const mostCharacters = 1_000_000;

const opening: ReadonlySet<string> = new Set([
  TokenKind.BRACE_L,
  TokenKind.PAREN_L,
  TokenKind.BRACKET_L,
]);
const closing: ReadonlySet<string> = new Set([
  TokenKind.BRACE_R,
  TokenKind.PAREN_R,
  TokenKind.BRACKET_R,
]);

/** @throws {Fault} InvalidPayload, for what is no request, or is beyond all bounds */
export function parseRequest(text: string): GraphQlRequest {
  const tokens = countTokens(text);
  const document = attempt(() => graphqlPackage().parse(text, { noLocation: true }));
  const operations: OperationDefinitionNode[] = [];
  const fragments = new Map<string, FragmentDefinitionNode>();
  let fragmentCount = 0;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      operations.push(definition);
    } else if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
      fragmentCount++;
    } else {
      throw invalidPayload(`A ${definition.kind} cannot be executed.`);
    }
  }
  const [first, ...others] = operations;
  if (first === undefined) throw invalidPayload('There is no operation.');
  return { document, operations: [first, ...others], fragments, fragmentCount, tokens };
}

/** Looks at the words alone, which takes no stack. */
function countTokens(text: string): number {
  if (text.length > mostCharacters) {
    throw invalidPayload(`It is longer than ${mostCharacters} characters.`);
  }
  const { Lexer, Source } = graphqlPackage();
  const lexer = new Lexer(new Source(text));
  let depth = 0;
  for (let count = 0; ; count++) {
    const { kind } = attempt(() => lexer.advance());
    if (kind === TokenKind.EOF) return count;
    if (opening.has(kind)) depth++;
    else if (closing.has(kind)) depth--;
    if (depth > deepestNesting) throw invalidPayload(`It nests more than ${deepestNesting} deep.`);
    if (count >= mostTokens) throw invalidPayload(`It has more than ${mostTokens} words.`);
  }
}

function attempt<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof graphqlPackage().GraphQLError)) throw error;
    throw invalidPayload(error.message);
  }
}
