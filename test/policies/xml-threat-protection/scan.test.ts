import { expect } from 'chai';
import { parsePolicy } from '../../../lib/index.ts';
import type { XmlThreatProtectionPolicy } from '../../../lib/policies/xml-threat-protection/grammar.ts';
import { xmlThreatLimits } from '../../../lib/policies/xml-threat-protection/limits.ts';
import { scanXml } from '../../../lib/policies/xml-threat-protection/scan.ts';

function limitsOf(children: string) {
  const policy = parsePolicy(`<XMLThreatProtection name="X">${children}</XMLThreatProtection>`);
  if (policy.type !== 'XMLThreatProtection') throw new Error('Another policy was read.');
  return xmlThreatLimits(policy satisfies XmlThreatProtectionPolicy);
}

const unlimited = limitsOf('');
const names = (limit: string) => `<NameLimits>${limit}</NameLimits>`;
const structure = (limit: string) => `<StructureLimits>${limit}</StructureLimits>`;
const values = (limit: string) => `<ValueLimits>${limit}</ValueLimits>`;

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
const spacedDeclaration = '<?xml version = "1.0" encoding = "UTF-8"?>\n';
const stylesheet =
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<?xml-stylesheet type="text/xsl" href="x.xsl"?>\n<a/>';
const book = `${declaration}<bookstore>\n  <book category="cooking" cuisine="Indian" lang="en">`;

describe('the scan of an XML text', () => {
  const excesses: readonly (readonly [limit: string, xml: string, reason: string])[] = [
    [
      names('<Element>5</Element>'),
      '<company>\n  <name>Google</name>',
      'Element name length exceeded 5 at line 1(possibly around char 9)',
    ],
    [
      names('<Attribute>5</Attribute>'),
      book,
      'Attribute name length exceeded 5 at line 3(possibly around char 105)',
    ],
    [
      names('<NamespacePrefix>10</NamespacePrefix>'),
      `${spacedDeclaration}<userprofile:user xmlns:userprofile = "www.googlecom/profile">`,
      'Namespace prefix length exceeded 10 at line 2(possibly around char 105)',
    ],
    [
      names('<ProcessingInstructionTarget>10</ProcessingInstructionTarget>'),
      stylesheet,
      'Processing Instruction target length exceeded 10 at line 2(possibly around char 103)',
    ],
    [
      structure('<AttributeCountPerElement>2</AttributeCountPerElement>'),
      book,
      'Attribute count exceeded 2 at line 3(possibly around char 105)',
    ],
    [
      structure('<NamespaceCountPerElement>1</NamespaceCountPerElement>'),
      '<a xmlns="u:1" b="" xmlns:c="u:2"/>',
      'Namespace count exceeded 1 at line 1(possibly around char 35)',
    ],
    [
      values('<Text>15</Text>'),
      '<food>\n<description>Vegetarian <![CDATA[S]]>&amp;wich</description></food>',
      'Text length exceeded 15 at line 2(possibly around char 20)',
    ],
    [
      values('<Attribute>10</Attribute>'),
      book.replace('Indian', 'South Indian'),
      'Attribute value length exceeded 10 at line 3(possibly around char 111)',
    ],
    [
      values('<NamespaceURI>10</NamespaceURI>'),
      `${spacedDeclaration}<p:user xmlns:p = "www.google.com/profile">`,
      'Namespace uri length exceeded 10 at line 2(possibly around char 86)',
    ],
    [
      values('<Comment>10</Comment>'),
      '<food>\n<!--This is somewhat a long comment--></food>',
      'Comment length exceeded 10 at line 2(possibly around char 45)',
    ],
    [
      values('<ProcessingInstructionData>27</ProcessingInstructionData>'),
      stylesheet,
      'Processing Instruction data length exceeded 27 at line 2(possibly around char 103)',
    ],
  ];
  for (const [limit, xml, reason] of excesses) {
    it(`says: ${reason}`, () => {
      expect(scanXml(xml, limitsOf(limit))).to.deep.equal({ kind: 'excess', text: reason });
    });
  }

  it('measures what references stand for, and no white space between elements', () => {
    const limits = limitsOf(values('<Text>3</Text><Attribute>1</Attribute>'));
    const xml = '<a b="&#x10;">\n          <c d="&lt;">&amp;&#65;b</c>\n          </a>';
    expect(scanXml(xml.replace('&#x10;', '&#65;'), limits)).to.equal(undefined);
  });

  const malformed: readonly (readonly [xml: string, reason: RegExp])[] = [
    ['', /^Syntax error while parsing XML prologue$/],
    ['text <a/>', /^Syntax error while parsing XML prologue$/],
    ['<a', /^Syntax error while parsing XML prologue$/],
    ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', /^Syntax error while parsing XML prologue$/],
    ['<a><b></a>', /^An end tag that closes no element at line 1\(possibly around char 6\)$/],
    ['<a>\n&b;</a>', /^The entity &b; is not defined at line 2\(possibly around char 3\)$/],
    ['<a><b c="1" c="2"/></a>', /^<b> has the attribute c twice at line 1/],
    ['<a>\u0000</a>', /^Syntax error while parsing XML prologue$/],
    ['<a><![CDATA[</a>', /^Premature end of document while parsing at line 1/],
    ['<a/><b/>', /^A second root element at line 1/],
  ];
  for (const [xml, reason] of malformed) {
    it(`refuses ${JSON.stringify(xml)}`, () => {
      const threat = scanXml(xml, unlimited);
      expect(threat?.kind).to.equal('syntax');
      expect(threat?.text).to.match(reason);
    });
  }

  it('reads millions of characters, however they nest, without a stack', () => {
    const many = 500_000;
    expect(scanXml('<a>'.repeat(many) + '</a>'.repeat(many), unlimited)).to.equal(undefined);
    expect(scanXml('<a>'.repeat(many), unlimited)?.text).to.match(/^Premature end/);
    expect(
      scanXml('<a>'.repeat(many), limitsOf(structure('<NodeDepth>20</NodeDepth>')))?.text,
    ).to.equal('Node depth exceeded 20 at line 1(possibly around char 63)');
    expect(scanXml(`<a>${'<![CDATA['.repeat(many)}`, unlimited)?.text).to.match(/^Premature end/);
    expect(scanXml(`<a>${'&lt;'.repeat(many)}${']'.repeat(many)}</a>`, unlimited)).to.equal(
      undefined,
    );
  });
});
