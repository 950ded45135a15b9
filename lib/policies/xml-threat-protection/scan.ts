import { illegalCharacterAt, withLineFeeds } from '../../xml/characters.ts';
import { isDeclarationAt, readDeclaration } from '../../xml/declaration.ts';
import { defaultXmlLimits, type XmlLimits } from '../../xml/limits.ts';
import { expandReferences } from '../../xml/references.ts';
import { Refusal, SourceText } from '../../xml/source-text.ts';
import { readName, readStartTag, type StartTag } from '../../xml/start-tag.ts';
import type { ChildKind, Limit, XmlThreatLimits } from './limits.ts';

/** Why a document is refused: it breaks a limit, or it is no XML. */
export interface XmlThreat {
  readonly kind: 'excess' | 'syntax';
  readonly text: string;
}

/** A tag is read before it is measured; its own limits are the policy's. */
const tagLimits: XmlLimits = {
  ...defaultXmlLimits,
  attributesPerElement: Infinity,
  attributeLength: Infinity,
};

/**
 * Walks a document once, and stops at the first thing that is wrong with it. Nothing is built and nothing
 * recurses: an open element is its name and a number. A document type declaration is always refused.
 */
export function scanXml(text: string, limits: XmlThreatLimits): XmlThreat | undefined {
  const scanner = new XmlScanner(text, limits);
  try {
    scanner.scan();
    return undefined;
  } catch (error) {
    if (error instanceof Excess) return { kind: 'excess', text: error.message };
    if (error instanceof Refusal) return { kind: 'syntax', text: scanner.reasonOf(error) };
    throw error;
  }
}

class Excess extends Error {}

const notBlank = /[^ \t\r\n]/;

class XmlScanner {
  readonly #source: SourceText;
  readonly #text: string;
  readonly #limits: XmlThreatLimits;
  /** Names of the open elements, and how many children each has. */
  readonly #open: string[] = [];
  readonly #children: number[] = [];
  #hasRoot = false;
  /** Where the markup or text starts that is being read. */
  #at = 0;
  /** Length and start of the text being read: CDATA sections are a part of it. */
  #textLength = 0;
  #textStart = 0;

  constructor(text: string, limits: XmlThreatLimits) {
    this.#source = new SourceText('', text.startsWith('\ufeff') ? text.slice(1) : text);
    this.#text = this.#source.text;
    this.#limits = limits;
  }

  scan(): void {
    const illegal = illegalCharacterAt(this.#text);
    if (illegal >= 0) this.#refuse(illegal, 'A forbidden character');
    while (this.#at < this.#text.length) {
      this.#at = this.#text.startsWith('<', this.#at)
        ? this.#markup(this.#at)
        : this.#plain(this.#at);
    }
    if (this.#open.length > 0 || !this.#hasRoot) this.#refuse(this.#at, 'Premature end');
  }

  /** As Apigee's parser words it, where its words are known. */
  reasonOf({ diagnostic }: Refusal): string {
    if (!this.#hasRoot) return 'Syntax error while parsing XML prologue';
    const isCutShort = this.#at >= this.#text.length || diagnostic.code.startsWith('xml-unclosed-');
    const message = isCutShort ? 'Premature end of document while parsing' : diagnostic.message;
    return `${message} at line ${diagnostic.line}(possibly around char ${this.#at})`;
  }

  #markup(at: number): number {
    const text = this.#text;
    if (text.startsWith('<![CDATA[', at)) return this.#cdata(at);
    this.#endText();
    if (text.startsWith('/', at + 1)) return this.#endTag(at);
    if (text.startsWith('?', at + 1)) return this.#instruction(at);
    if (text.startsWith('!--', at + 1)) return this.#comment(at);
    if (text.startsWith('!', at + 1)) {
      return this.#refuse(at, 'A document type declaration is not allowed');
    }
    return this.#startTag(at);
  }

  #plain(at: number): number {
    const found = this.#text.indexOf('<', at);
    const end = found < 0 ? this.#text.length : found;
    const raw = this.#text.slice(at, end);
    if (this.#open.length === 0) {
      if (notBlank.test(raw)) this.#refuse(at, 'Text outside the root element');
      return end;
    }
    if (raw.includes(']]>')) this.#refuse(at, '"]]>" in a text');
    this.#addText(at, expandReferences(this.#source, at, end, withLineFeeds));
    return end;
  }

  #cdata(at: number): number {
    const end = this.#text.indexOf(']]>', at);
    if (this.#open.length === 0) this.#refuse(at, 'A CDATA section outside the root element');
    if (end < 0) this.#refuse(this.#text.length, 'Premature end', 'xml-unclosed-cdata');
    this.#addText(at, this.#text.slice(at + '<![CDATA['.length, end));
    return end + 3;
  }

  /** White space between elements is no text, for limits as for counts. */
  #addText(at: number, text: string): void {
    if (this.#textLength === 0) {
      if (!notBlank.test(text)) return;
      this.#textStart = at;
      this.#child('text', at);
    }
    this.#textLength += text.length;
    this.#check(this.#textLength, this.#limits.text, this.#textStart);
  }

  #endText(): void {
    this.#textLength = 0;
  }

  #comment(at: number): number {
    const end = this.#text.indexOf('--', at + 4);
    if (end < 0) this.#refuse(this.#text.length, 'Premature end', 'xml-unclosed-comment');
    if (!this.#text.startsWith('>', end + 2)) this.#refuse(end, '"--" inside a comment');
    this.#check(end - at - 4, this.#limits.comment, end + 3);
    this.#child('comment', end + 3);
    return end + 3;
  }

  #instruction(at: number): number {
    if (isDeclarationAt(this.#text, at)) {
      if (at > 0) this.#refuse(at, 'An XML declaration inside the document');
      return readDeclaration(this.#source, at).end;
    }
    const { written } = readName(this.#source, at + 2, 'a processing target');
    const end = this.#text.indexOf('?>', at);
    if (end < 0) this.#refuse(this.#text.length, 'Premature end', 'xml-unclosed-instruction');
    const data = this.#source.skipWhiteSpace(at + 2 + written.length);
    this.#check(written.length, this.#limits.target, end + 2);
    this.#check(Math.max(0, end - data), this.#limits.data, end + 2);
    this.#child('instruction', end + 2);
    return end + 2;
  }

  #startTag(at: number): number {
    const tag = readStartTag(this.#source, at, tagLimits);
    if (this.#open.length === 0 && this.#hasRoot) this.#refuse(at, 'A second root element');
    this.#hasRoot = true;
    this.#measure(tag);
    this.#check(this.#open.length + 1, this.#limits.depth, tag.end);
    this.#child('element', tag.end);
    if (!tag.closed) {
      this.#open.push(tag.written);
      this.#children.push(0);
    }
    return tag.end;
  }

  #measure({ local, prefix, attributes, end }: StartTag): void {
    const limits = this.#limits;
    this.#check(local.length, limits.elementName, end);
    this.#check(prefix.length, limits.prefix, end);
    let namespaces = 0;
    for (const attribute of attributes.values()) {
      const declares = attribute.prefix === 'xmlns' || attribute.written === 'xmlns';
      if (declares) {
        namespaces++;
        const declared = attribute.prefix === 'xmlns' ? attribute.local : '';
        this.#check(declared.length, limits.prefix, end);
        this.#check(attribute.value.length, limits.namespaceUri, end);
      } else {
        this.#check(attribute.local.length, limits.attributeName, end);
        this.#check(attribute.prefix.length, limits.prefix, end);
        this.#check(attribute.value.length, limits.attributeValue, end);
      }
    }
    this.#check(attributes.size - namespaces, limits.attributes, end);
    this.#check(namespaces, limits.namespaces, end);
  }

  #endTag(at: number): number {
    const { written } = readName(this.#source, at + 2, 'the name of the element to close');
    const end = this.#source.skipWhiteSpace(at + 2 + written.length);
    if (!this.#text.startsWith('>', end)) this.#refuse(at, 'An end tag without ">"');
    if (this.#open.pop() !== written) this.#refuse(at, 'An end tag that closes no element');
    this.#children.pop();
    return end + 1;
  }

  #child(kind: ChildKind, place: number): void {
    const parent = this.#children.length - 1;
    if (parent < 0 || !this.#limits.counted[kind]) return;
    const count = (this.#children[parent] ?? 0) + 1;
    this.#children[parent] = count;
    this.#check(count, this.#limits.children, place);
  }

  /** The place is where the parser has read to. */
  #check(measure: number, { most, called }: Limit, place: number): void {
    if (measure <= most) return;
    const { line } = this.#source.locate(place);
    throw new Excess(`${called} exceeded ${most} at line ${line}(possibly around char ${place})`);
  }

  #refuse(at: number, what: string, code = 'xml-malformed'): never {
    return this.#source.refuse(at, code, what, '');
  }
}
