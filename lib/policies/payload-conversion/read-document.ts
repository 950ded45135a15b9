import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { readXml } from '../../xml/read.ts';
import type { XmlElement } from '../../xml/tree.ts';

/** A payload that is no XML, or more of it than is read: `reason` is the text for a fault string. */
export interface Unreadable {
  readonly reason: string;
  readonly diagnostic: Diagnostic;
}

const isUnfinished: ReadonlySet<string> = new Set(['xml-no-root', 'xml-unclosed-element']);

/**
 * Reads a payload within the reader's bounds. Document types are refused, so entities are never
 * declared. The reasons are worded and spaced as Apigee's parser words the one that is known.
 */
export function readXmlPayload(text: string): XmlElement | Unreadable {
  let first: Diagnostic | undefined;
  const root = readXml(text, {
    file: '',
    report: (diagnostic) => {
      if (diagnostic.severity === 'error') first ??= diagnostic;
    },
  });
  if (root !== undefined) return root;
  const diagnostic = first ?? {
    severity: 'error',
    code: 'xml-no-root',
    message: 'The document could not be read',
    file: '',
    line: 1,
    column: 1,
  };
  return { reason: reasonOf(diagnostic, text), diagnostic };
}

function reasonOf({ code, message, line, column }: Diagnostic, text: string): string {
  if (!isUnfinished.has(code)) return `${message} ${place(line, column - 1)}`;
  const lines = text.split(/\r\n|\r|\n/);
  return `Premature end of document while parsing ${place(lines.length, lines.at(-1)?.length ?? 0)}`;
}

function place(line: number, character: number): string {
  return `at line ${line}(possibly  around char ${character})`;
}
