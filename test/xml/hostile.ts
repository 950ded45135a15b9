/** Documents made to cost far more than they weigh, and the finding that ends each. */
export interface HostileDocument {
  readonly attack: string;
  readonly xml: () => string;
  readonly finding: string;
}

const million = 1_000_000;

function laughs(): string {
  const entities = Array.from(
    { length: 9 },
    (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`,
  );
  return `<!DOCTYPE a [<!ENTITY l0 "ha">${entities.join('')}]><a>&l9;</a>`;
}

// prettier-ignore
export const hostile: readonly HostileDocument[] = [
  { attack: 'billion laughs', xml: laughs, finding: 'xml-doctype 1:1' },
  { attack: 'an external entity', xml: () => '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', finding: 'xml-doctype 1:1' },
  { attack: 'one entity repeated', xml: () => `<!DOCTYPE a [<!ENTITY x "${'x'.repeat(50_000)}">]><a>${'&x;'.repeat(50_000)}</a>`, finding: 'xml-doctype 1:1' },
  { attack: 'a million open elements', xml: () => '<a>'.repeat(million), finding: 'xml-too-deep 1:601' },
  { attack: 'a huge attribute', xml: () => `<a b="${'x'.repeat(9 * million)}"/>`, finding: 'xml-attribute-too-long 1:4' },
  { attack: 'a million attributes', xml: () => `<a${Array.from({ length: million }, (_, at) => ` b${at.toString(36)}=""`).join('')}/>`, finding: 'xml-too-many-attributes 1:1760' },
  { attack: 'a million comment starts', xml: () => `<a>${'<!--'.repeat(million)}`, finding: 'xml-double-hyphen-in-comment 1:10' },
  { attack: 'a million CDATA starts', xml: () => `<a>${'<![CDATA['.repeat(million)}`, finding: 'xml-unclosed-cdata 1:4' },
  { attack: 'a million "<"', xml: () => '<'.repeat(million), finding: 'xml-bad-name 1:2' },
  { attack: 'a million "&"', xml: () => `<a>${'&'.repeat(million)}</a>`, finding: 'xml-bare-ampersand 1:4' },
  { attack: 'an endless name', xml: () => `<${'a'.repeat(9 * million)}`, finding: 'xml-unclosed-tag 1:1' },
  { attack: 'an endless prefix', xml: () => `<${'a:'.repeat(4 * million)}>`, finding: 'xml-bad-name 1:2' },
  { attack: 'an endless reference', xml: () => `<a>&#${'0'.repeat(9 * million)};</a>`, finding: 'xml-bad-character-reference 1:4' },
  { attack: 'an endless declaration', xml: () => `<?xml${' '.repeat(9 * million)}`, finding: 'xml-bad-declaration 1:1' },
  { attack: 'an endless document', xml: () => ' '.repeat(11 * million), finding: 'xml-document-too-long 1:1' },
];
