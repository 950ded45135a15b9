// Why the scanner is our own. Both XML libraries at hand were tried as its base; the table in
// test/xml/malformed.ts keeps what each did with every malformed document. @xmldom/xmldom 0.9
// places an attribute at its quote instead of its name and most errors at the tag before them,
// takes bare ampersands, "]]>" in text, forbidden characters and two attributes of one expanded
// name without a word, and has no bounds: a million open tags cost it seconds and a gigabyte.
// fast-xml-parser 5 passes over half of the table even in its validator, knows no namespaces and
// places elements only. Closing these gaps means scanning the text once more, which leaves a
// library nothing to do: XML without a document type is this small. Both stay as oracles in the
// tests.

import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import { codePointName, illegalCharacterAt, withLineFeeds } from './characters.ts';
import { decodeXml } from './decode.ts';
import { isDeclarationAt, readDeclaration } from './declaration.ts';
import { ElementBuilder } from './element-builder.ts';
import { defaultXmlLimits, type XmlLimits } from './limits.ts';
import { expandReferences } from './references.ts';
import { Refusal, shortened, SourceText } from './source-text.ts';
import { readName, readStartTag } from './start-tag.ts';
import type { XmlElement } from './tree.ts';

export interface ReadXmlOptions {
  /** The name that diagnostics carry. */
  readonly file: string;
  readonly report: Report;
  /** Default: `defaultXmlLimits`. */
  readonly limits?: XmlLimits;
}

/**
 * Reads one document, strictly as "XML 1.0" (fifth edition) and "Namespaces in XML 1.0" demand,
 * and returns its root. A document type declaration is always refused, so no entity can be defined
 * and nothing outside the document is ever opened. White space and comments before the XML
 * declaration are tolerated with the warning `xml-declaration-not-first`, because published bundles
 * have them and deploy.
 *
 * A string is read as it is, whatever encoding it declares; bytes go through `decodeXml`. The first
 * error ends the reading: it is reported, and undefined is returned. Never throws.
 */
export function readXml(
  source: string | Uint8Array,
  { file, report, limits = defaultXmlLimits }: ReadXmlOptions,
): XmlElement | undefined {
  try {
    checkLength(file, source, limits);
    const text = typeof source === 'string' ? source : decodeXml(source, { file, report });
    if (text === undefined) return undefined;
    const body = text.startsWith('\ufeff') && typeof source === 'string' ? text.slice(1) : text;
    return new DocumentReader(new SourceText(file, body), report, limits).read();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    report(error.diagnostic);
    return undefined;
  }
}

/** No encoding spends more than four bytes on one UTF-16 unit. */
const mostBytesPerUnit = 4;

function checkLength(file: string, source: string | Uint8Array, limits: XmlLimits): void {
  const perUnit = typeof source === 'string' ? 1 : mostBytesPerUnit;
  if (source.length <= limits.documentLength * perUnit) return;
  refuseLength(new SourceText(file, ''), limits);
}

function refuseLength(source: SourceText, limits: XmlLimits): never {
  return source.refuse(
    0,
    'xml-document-too-long',
    `The document is longer than ${limits.documentLength} characters`,
    'Split the document, or raise the limit.',
  );
}

class DocumentReader {
  readonly #source: SourceText;
  readonly #text: string;
  readonly #report: Report;
  readonly #limits: XmlLimits;
  readonly #tree: ElementBuilder;
  /** Whether an XML declaration may still come: only white space and comments so far. */
  #declarable = true;

  constructor(source: SourceText, report: Report, limits: XmlLimits) {
    this.#source = source;
    this.#text = source.text;
    this.#report = report;
    this.#limits = limits;
    this.#tree = new ElementBuilder(source, limits);
  }

  read(): XmlElement {
    if (this.#text.length > this.#limits.documentLength) refuseLength(this.#source, this.#limits);
    this.#checkCharacters();
    let offset = 0;
    while (offset < this.#text.length) {
      offset = this.#text.startsWith('<', offset)
        ? this.#readMarkup(offset)
        : this.#readText(offset);
    }
    return this.#tree.finish();
  }

  #checkCharacters(): void {
    const at = illegalCharacterAt(this.#text);
    if (at < 0) return;
    this.#source.refuse(
      at,
      'xml-illegal-character',
      `The character ${codePointName(this.#text.charCodeAt(at))} is forbidden in XML`,
      'Remove it; if there are many, the document is binary or in another encoding.',
    );
  }

  #readText(start: number): number {
    const found = this.#text.indexOf('<', start);
    const end = found < 0 ? this.#text.length : found;
    if (!this.#tree.isInElement) {
      const outside = this.#source.skipWhiteSpace(start);
      if (outside < end) this.#refuseOutside(outside, this.#source.describe(outside));
      return end;
    }
    const close = this.#text.slice(start, end).indexOf(']]>');
    if (close >= 0) {
      this.#source.refuse(
        start + close,
        'xml-cdata-end-in-text',
        '"]]>" stands in a text that is not a CDATA section',
        'Write ]]&gt;, or open the section with <![CDATA[.',
      );
    }
    this.#tree.text(start, expandReferences(this.#source, start, end, withLineFeeds));
    return end;
  }

  #readMarkup(at: number): number {
    const text = this.#text;
    if (text.startsWith('/', at + 1)) return this.#readEndTag(at);
    if (text.startsWith('?', at + 1)) return this.#readInstruction(at);
    if (!text.startsWith('!', at + 1)) return this.#readElement(at);
    if (text.startsWith('--', at + 2)) return this.#readComment(at);
    if (text.startsWith('[CDATA[', at + 2)) return this.#readCdata(at);
    return this.#refuseMarkup(at);
  }

  #readElement(at: number): number {
    this.#declarable = false;
    const tag = readStartTag(this.#source, at, this.#limits);
    this.#tree.start(tag);
    return tag.end;
  }

  #readEndTag(at: number): number {
    const { written } = readName(this.#source, at + 2, 'the name of the element to close');
    const end = this.#source.skipWhiteSpace(at + 2 + written.length);
    if (!this.#text.startsWith('>', end)) {
      this.#source.refuse(
        at,
        'xml-unclosed-tag',
        `The end tag </${shortened(written)} is not closed by ">"`,
        'Put ">" right behind the name.',
      );
    }
    this.#tree.end(at, written);
    return end + 1;
  }

  #readComment(at: number): number {
    const end = this.#text.indexOf('--', at + 4);
    if (end < 0) this.#refuseUnclosed(at, 'xml-unclosed-comment', 'comment', '-->');
    if (this.#text.startsWith('>', end + 2)) return end + 3;
    return this.#source.refuse(
      end,
      'xml-double-hyphen-in-comment',
      '"--" stands inside a comment',
      'Write a single "-", or close the comment with "-->".',
    );
  }

  #readCdata(at: number): number {
    const start = at + '<![CDATA['.length;
    if (!this.#tree.isInElement) this.#refuseOutside(at, 'A CDATA section');
    const end = this.#text.indexOf(']]>', start);
    if (end < 0) this.#refuseUnclosed(at, 'xml-unclosed-cdata', 'CDATA section', ']]>');
    this.#tree.cdata(start, withLineFeeds(this.#text.slice(start, end)));
    return end + 3;
  }

  #readInstruction(at: number): number {
    if (isDeclarationAt(this.#text, at)) return this.#readDeclaration(at);
    this.#declarable = false;
    const { written, prefix } = readName(this.#source, at + 2, 'a processing target');
    if (prefix !== '' || /^xml$/i.test(written)) {
      this.#source.refuse(
        at,
        'xml-reserved-target',
        `The target ${shortened(written)} of a processing instruction is reserved`,
        'Choose another target; an XML declaration is written <?xml in small letters.',
      );
    }
    const behind = at + 2 + written.length;
    if (this.#text.startsWith('?>', behind)) return behind + 2;
    if (this.#source.skipWhiteSpace(behind) === behind && behind < this.#text.length) {
      this.#source.refuse(
        behind,
        'xml-bad-name',
        `${this.#source.describe(behind)} cannot stand right behind the target ${shortened(written)}`,
        'Put a space or "?>" behind the target.',
      );
    }
    const end = this.#text.indexOf('?>', behind);
    if (end < 0) {
      this.#refuseUnclosed(at, 'xml-unclosed-instruction', 'processing instruction', '?>');
    }
    return end + 2;
  }

  #readDeclaration(at: number): number {
    if (!this.#declarable) {
      this.#source.refuse(
        at,
        'xml-misplaced-declaration',
        'An XML declaration stands inside the document',
        'Remove it; it may only be the first thing in a document.',
      );
    }
    this.#declarable = false;
    const { version, end } = readDeclaration(this.#source, at);
    if (at > 0) {
      this.#warn(
        this.#source.locate(at),
        'xml-declaration-not-first',
        'The XML declaration is not the first thing in the document',
        'Remove what stands before <?xml, blank lines too.',
      );
    }
    if (version !== '1.0') {
      this.#warn(
        this.#source.locate(at),
        'xml-version',
        `XML ${shortened(version)} is read by the rules of XML 1.0`,
        'Declare version="1.0".',
      );
    }
    return end;
  }

  #warn(location: Location, code: string, message: string, hint: string): void {
    this.#report(diagnosticAt(location, 'warning', code, message, hint));
  }

  #refuseOutside(at: number, what: string): never {
    return this.#source.refuse(
      at,
      'xml-text-outside-root',
      `${what} stands ${this.#tree.hasRoot ? 'behind' : 'before'} the root element`,
      'Outside the root only white space, comments and processing instructions may stand.',
    );
  }

  #refuseUnclosed(at: number, code: string, what: string, close: string): never {
    return this.#source.refuse(
      at,
      code,
      `The ${what} that starts here is never closed`,
      `Close it with "${close}".`,
    );
  }

  #refuseMarkup(at: number): never {
    if (/^<!doctype/i.test(this.#text.slice(at, at + 9))) {
      return this.#source.refuse(
        at,
        'xml-doctype',
        'A document type declaration is not allowed',
        'Remove <!DOCTYPE …>, and write the characters themselves instead of its entities.',
      );
    }
    return this.#source.refuse(
      at,
      'xml-bad-markup',
      '"<!" starts neither a comment nor a CDATA section',
      'Write <!-- … --> or <![CDATA[ … ]]>, or &lt; for a plain "<".',
    );
  }
}
