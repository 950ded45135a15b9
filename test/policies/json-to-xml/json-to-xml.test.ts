import { expect } from 'chai';
import fc from 'fast-check';
import { flowValueText } from '../../../lib/message/flow-value.ts';
import { readXml } from '../../../lib/xml/read.ts';
import { runPolicy, valuesAfter } from '../run-policy.ts';

function policy(options: string): string {
  return `<JSONToXML name="J2X"><Options>${options}</Options><Source>json</Source><OutputVariable>xml</OutputVariable></JSONToXML>`;
}

const bare = '<OmitXmlDeclaration>true</OmitXmlDeclaration>';

async function toXml(json: string, options = ''): Promise<unknown> {
  const { xml } = await valuesAfter(policy(bare + options), ['xml'], { variables: { json } });
  return xml;
}

async function reasonFor(json: string): Promise<string | undefined> {
  const { fault } = await runPolicy(policy(''), { variables: { json } });
  return fault?.faultstring.replace('JSONToXML[J2X]: Execution failed due to reason: ', '');
}

describe('JSONToXML', () => {
  it('takes names that objects inherit for ordinary names, and keeps their order', async () => {
    expect(
      await toXml('{"__proto__":{"constructor":1,"2":2,"1":3,"__proto__":{"@x":"y"}}}'),
    ).to.equal(
      '<__proto__><constructor>1</constructor><_2>2</_2><_1>3</_1><__proto__ x="y"></__proto__></__proto__>',
    );
  });

  it('repeats an element for the items of its array', async () => {
    expect(await toXml('{"a":{"b":[1,{"c":2},[3,4]]}}')).to.equal(
      '<a><b>1</b><b><c>2</c></b><b><Item>3</Item><Item>4</Item></b></a>',
    );
  });

  it('gives a root to an array of one name, which would be several roots', async () => {
    expect(await toXml('{"a":[1,2]}')).to.equal('<Root><a>1</a><a>2</a></Root>');
  });

  it('gives a root to a single attribute or text', async () => {
    expect(await toXml('{"@a":1}')).to.equal('<Root a="1"></Root>');
    expect(await toXml('{"#text":"x"}')).to.equal('<Root>x</Root>');
  });

  it('declares namespaces from a block and from attributes, and uses their prefixes', async () => {
    expect(await toXml('{"a":{"#namespaces":{"$default":"d","n":"u"},"n:b":{"@n:c":1}}}')).to.equal(
      '<a xmlns="d" xmlns:n="u"><n:b n:c="1"></n:b></a>',
    );
    expect(await toXml('{"s:Envelope":{"@xmlns:s":"u","s:Body":{}}}')).to.equal(
      '<s:Envelope xmlns:s="u"><s:Body></s:Body></s:Envelope>',
    );
  });

  it('parts prefixes by another separator only where they are declared', async () => {
    const options = '<NamespaceSeparator>_</NamespaceSeparator>';
    expect(await toXml('{"a":{"#namespaces":{"n":"u"},"n_b":1,"first_name":2}}', options)).to.equal(
      '<a xmlns:n="u"><n:b>1</n:b><first_name>2</first_name></a>',
    );
  });

  it('makes an element of what cannot be an attribute', async () => {
    expect(await toXml('{"a":{"@b":{"c":1}}}')).to.equal('<a><_b><c>1</c></_b></a>');
  });

  it('indents elements that hold elements only', async () => {
    const { xml } = await valuesAfter(policy('<Indent>true</Indent>'), ['xml'], {
      variables: { json: '{"a":{"b":[1,{"c":{"#text":"x","d":2}}]}}' },
    });
    expect(xml).to.equal(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<a>',
        '  <b>1</b>',
        '  <b>',
        '    <c>x<d>2</d></c>',
        '  </b>',
        '</a>',
      ].join('\n'),
    );
  });

  it('says what it expected, and in which line', async () => {
    const reasons: Readonly<Record<string, string>> = {
      '': 'Expecting { or [ at line 1',
      '\n"text"': 'Expecting { or [ at line 2',
      '{"a" 1}': 'Expecting : at line 1',
      '{a:1}': 'Expecting a name at line 1',
      '{"a":1,}': 'Expecting a name at line 1',
      '[1\n2]': 'Expecting , or ] at line 2',
      '[01]': 'Expecting , or ] at line 1',
      '[NaN]': 'Expecting a value at line 1',
      '["\\x"]': 'Invalid string at line 1',
      '["': 'Invalid string at line 1',
      '{} {}': 'Expecting end of text at line 1',
    };
    for (const [json, reason] of Object.entries(reasons)) {
      expect(await reasonFor(json), json).to.equal(reason);
    }
  });

  it('refuses a text that no XML can hold', async () => {
    for (const json of ['{"a":"\\u0000"}', '{"a":"\\ud800"}', '{"@a":"\\uffff"}']) {
      expect(await reasonFor(json), json).to.equal('A text has a character that XML forbids');
    }
  });

  it('refuses what is nested too deeply, has too many parts or would grow without measure', async () => {
    expect(await reasonFor('['.repeat(1_000_000))).to.equal('Nested more than 200 deep at line 1');
    expect(await reasonFor(`[${'0,'.repeat(1_000_000)}0]`)).to.equal('Too many values at line 1');
    const name = 'n'.repeat(1_000_000);
    expect(await reasonFor(`{"a":{"${name}":[${'0,'.repeat(1000)}0]}}`)).to.equal(
      'The XML is too long',
    );
  });

  it('always writes a well-formed document', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const { fault, flow } = await runPolicy(policy(''), {
          variables: { json: JSON.stringify(value) },
        });
        if (fault !== undefined) {
          expect(fault.code).to.equal('steps.json2xml.ExecutionFailed');
          return;
        }
        const errors: string[] = [];
        readXml(flowValueText(flow.variables.get('xml')), {
          file: 'x',
          report: ({ code }) => errors.push(code),
        });
        expect(errors.filter((code) => code !== 'xml-unbound-prefix')).to.deep.equal([]);
      }),
      { numRuns: 300 },
    );
  });

  it('restores what XMLToJSON made of elements and texts', async () => {
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,8}$/);
    const text = fc.stringMatching(/^[a-z0-9 &<>"']{0,8}[a-z]$/);
    const { tree } = fc.letrec<{ tree: unknown; members: Record<string, unknown> }>((tie) => ({
      tree: fc.oneof({ maxDepth: 4 }, text, tie('members')),
      members: fc.dictionary(name, tie('tree'), { minKeys: 1, maxKeys: 4 }),
    }));
    await fc.assert(
      fc.asyncProperty(tree, async (value) => {
        const json = JSON.stringify({ root: value });
        const xml = await toXml(json);
        const back = await valuesAfter(
          '<XMLToJSON name="X"><Options/><Source>xml</Source><OutputVariable>json</OutputVariable></XMLToJSON>',
          ['json'],
          { variables: { xml } },
        );
        expect(back['json']).to.equal(json);
      }),
      { numRuns: 200 },
    );
  });
});
