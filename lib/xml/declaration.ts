import { shortened, type SourceText } from './source-text.ts';

export interface XmlDeclaration {
  readonly version: string;
  /** As written; undefined when the declaration names none. */
  readonly encoding: { readonly name: string; readonly at: number } | undefined;
  /** The offset behind `?>`. */
  readonly end: number;
}

const space = '[ \\t\\r\\n]';
const value = (pattern: string): string =>
  `${space}*=${space}*(?:"(?:${pattern})"|'(?:${pattern})')`;
const declaration = new RegExp(
  `<\\?xml${space}+version(?<version>${value('1\\.[0-9]+')})` +
    `(?:${space}+encoding(?<encoding>${value('[A-Za-z][A-Za-z0-9._\\-]*')}))?` +
    `(?:${space}+standalone${value('yes|no')})?${space}*\\?>`,
  'dy',
);
const startsDeclaration = new RegExp(`<\\?xml(?![^ \\t\\r\\n?])`, 'y');

/** Whether `<?xml`, the target and nothing longer, stands at an offset. */
export function isDeclarationAt(text: string, at: number): boolean {
  startsDeclaration.lastIndex = at;
  return startsDeclaration.test(text);
}

/** Reads the XML declaration at an offset; undefined when what stands there is malformed. */
function declarationAt(text: string, at: number): XmlDeclaration | undefined {
  declaration.lastIndex = at;
  const match = declaration.exec(text);
  if (match === null) return undefined;
  const encoding = match.groups?.['encoding'];
  const encodingEnd = match.indices?.groups?.['encoding']?.[1] ?? at;
  const name = encoding === undefined ? undefined : unquoted(encoding);
  return {
    version: unquoted(match.groups?.['version'] ?? ''),
    encoding: name === undefined ? undefined : { name, at: encodingEnd - 1 - name.length },
    end: at + match[0].length,
  };
}

/** Finds the declaration behind the white space and comments that are tolerated before it. */
export function findDeclaration(source: SourceText): XmlDeclaration | undefined {
  const { text } = source;
  let at = source.skipWhiteSpace(0);
  while (text.startsWith('<!--', at)) {
    const end = text.indexOf('-->', at + 4);
    if (end < 0) return undefined;
    at = source.skipWhiteSpace(end + 3);
  }
  return isDeclarationAt(text, at) ? declarationAt(text, at) : undefined;
}

/** Reads the declaration at an offset, or refuses the document. */
export function readDeclaration(source: SourceText, at: number): XmlDeclaration {
  const found = declarationAt(source.text, at);
  if (found !== undefined) return found;
  const end = source.text.indexOf('?>', at);
  return source.refuse(
    at,
    'xml-bad-declaration',
    end < 0
      ? 'The XML declaration is never closed by "?>"'
      : `${shortened(source.text.slice(at, end + 2))} is not a valid XML declaration`,
    'Write <?xml version="1.0" encoding="UTF-8"?>, the parts in this order.',
  );
}

function unquoted(assignment: string): string {
  return assignment.slice(assignment.search(/["']/) + 1, -1);
}
