import type { Location } from '../../diagnostic/location.ts';
import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import { readXml } from '../../xml/read.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { checkStylesheet } from './engine/engine.ts';
import { reasonOf } from './engine/reason.ts';

const xslt = 'http://www.w3.org/1999/XSL/Transform';

/** Instructions that XSLT 2.0 and 3.0 added. */
const laterInstructions: ReadonlySet<string> = new Set(
  `accumulator analyze-string assert break character-map document evaluate for-each-group fork function
  import-schema iterate map map-entry matching-substring merge mode namespace next-iteration next-match
  non-matching-substring on-empty on-non-empty output-character package perform-sort result-document
  sequence source-document try use-package where-populated`.split(/\s+/),
);

/** Functions that XPath 2.0 added and stylesheets use. */
const laterFunctions =
  /(?<![\w:.$-])(?:fn:)?(abs|adjust-dateTime-to-timezone|avg|codepoints-to-string|compare|current-date|current-dateTime|current-group|current-grouping-key|current-time|dateTime|data|deep-equal|distinct-values|doc|empty|ends-with|escape-html-uri|encode-for-uri|exactly-one|exists|format-date|format-dateTime|format-time|in-scope-prefixes|index-of|insert-before|lower-case|matches|max|min|node-name|normalize-unicode|one-or-more|parse-xml|regex-group|remove|replace|resolve-QName|resolve-uri|reverse|root|round-half-to-even|serialize|string-join|string-to-codepoints|subsequence|tokenize|trace|unparsed-text|upper-case|years-from-duration|zero-or-one)\s*\(/g;

/** A stylesheet that the engine compiles. */
export interface Stylesheet {
  readonly text: string;
  readonly method: 'text' | 'markup';
}

/**
 * Compiles a stylesheet once to report, at the policy's reference to it, what is wrong with it and what
 * of later versions it uses. Undefined if it cannot be compiled.
 */
export function readStylesheet(
  source: string,
  file: string,
  location: Location,
  report: Report,
): Stylesheet | undefined {
  const text = withoutAnyPrefix(source);
  const answer = checkStylesheet(text);
  if (answer.kind !== 'done') {
    const reason = answer.kind === 'failed' ? reasonOf(answer.messages) : answer.message;
    report(
      diagnosticAt(
        location,
        'error',
        'xsl-compile-failed',
        `The stylesheet ${file} cannot be compiled: ${reason}.`,
        'Mend the stylesheet. Inclusion and import of other files are not supported.',
      ),
    );
    return undefined;
  }
  const root = readXml(text, { file, report: () => undefined });
  if (root !== undefined) reportVersion(root, file, location, report);
  return { text, method: methodOf(root, text) };
}

/** Attributes of elements, texts of expressions and `*:name` within them. */
const attributeValue = /=\s*(?:"[^"<]*"|'[^'<]*')/g;
const anyPrefix = /"[^"]*"|'[^']*'|\*:([\p{L}_][\p{L}\p{N}._-]*)/gu;

/** `*:name`, by which XPath 2.0 means a name in any namespace, as XPath 1.0 has to say it. */
function withoutAnyPrefix(text: string): string {
  if (!text.includes('*:')) return text;
  return text.replace(attributeValue, (attribute) => {
    const start = attribute.search(/["']/) + 1;
    const outer = attribute.charAt(start - 1);
    const inner = outer === '"' ? "'" : '"';
    const value = attribute
      .slice(start, -1)
      .replace(anyPrefix, (found, name: string | undefined) =>
        name === undefined ? found : `*[local-name()=${inner}${name}${inner}]`,
      );
    return attribute.slice(0, start) + value + outer;
  });
}

function reportVersion(root: XmlElement, file: string, location: Location, report: Report): void {
  const version = root.attributes.find(({ local }) => local === 'version')?.value ?? '1.0';
  const later = laterParts(root);
  if (later.length > 0) {
    report(
      diagnosticAt(
        location,
        'warning',
        'xslt-version',
        `The stylesheet ${file} uses what XSLT 1.0 does not have: ${later.join(', ')}. It fails when it gets there.`,
        'Stylesheets run as XSLT 1.0 with EXSLT; write str:tokenize() or set:distinct(), for example.',
      ),
    );
  } else if (Number(version) > 1.1) {
    report(
      diagnosticAt(
        location,
        'info',
        'xslt-version',
        `The stylesheet ${file} is of version ${version}; it runs as XSLT 1.0.`,
      ),
    );
  }
}

/** Names of instructions and functions, each once, in the order of the document. */
function laterParts(root: XmlElement): readonly string[] {
  const found = new Set<string>();
  const open = [root];
  for (let element = open.pop(); element !== undefined; element = open.pop()) {
    const { namespace, local, attributes, children } = element;
    if (namespace === xslt && laterInstructions.has(local)) found.add(`xsl:${local}`);
    for (const { value } of attributes) {
      const withoutTexts = value.replace(/"[^"]*"|'[^']*'/g, '');
      const isExpression = namespace === xslt || value.includes('{');
      if (!isExpression) continue;
      for (const [, name = ''] of withoutTexts.matchAll(laterFunctions)) found.add(`${name}()`);
    }
    for (const child of children.toReversed()) if (child.kind === 'element') open.push(child);
  }
  return [...found];
}

/** A stylesheet that declares entities is not read as a tree, but searched. */
function methodOf(root: XmlElement | undefined, text: string): Stylesheet['method'] {
  if (root === undefined) {
    return /<\w+:output\s[^>]*\bmethod\s*=\s*["']text["']/.test(text) ? 'text' : 'markup';
  }
  const isText = root.children.some(
    (child) =>
      child.kind === 'element' &&
      child.namespace === xslt &&
      child.local === 'output' &&
      child.attributes.some(({ local, value }) => local === 'method' && value.trim() === 'text'),
  );
  return isText ? 'text' : 'markup';
}
