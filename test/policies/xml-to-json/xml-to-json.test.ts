import { expect } from 'chai';
import fc from 'fast-check';
import { runPolicy, valuesAfter } from '../run-policy.ts';

function policy(options: string): string {
  return `<XMLToJSON name="X2J"><Options>${options}</Options><Source>xml</Source><OutputVariable>json</OutputVariable></XMLToJSON>`;
}

async function toJson(xml: string, options = ''): Promise<unknown> {
  const { json } = await valuesAfter(policy(options), ['json'], { variables: { xml } });
  return json;
}

async function faultOf(xml: string): Promise<string | undefined> {
  return (await runPolicy(policy(''), { variables: { xml } })).fault?.faultstring;
}

const failed = 'XMLToJSON[X2J]: Execution failed. reason: ';

describe('XMLToJSON', () => {
  it('takes names that objects inherit for ordinary names', async () => {
    const xml = '<__proto__ constructor="1"><toString>a</toString></__proto__>';
    expect(await toJson(xml)).to.equal('{"__proto__":{"constructor":"1","toString":"a"}}');
    expect(Object.hasOwn(Object.prototype, 'toString1')).to.equal(false);
  });

  it('keeps the order of first appearance, gathers what repeats, and drops layout and comments', async () => {
    const xml = '<r>\n  <b>1</b>\n  <!-- c -->\n  <a/><b>2</b><?p i?>\n</r>';
    expect(await toJson(xml)).to.equal('{"r":{"b":["1","2"],"a":{}}}');
  });

  it('keeps white space within a text, and joins CDATA with the text around it', async () => {
    expect(await toJson('<a> x<![CDATA[ & ]]>y </a>')).to.equal('{"a":" x & y "}');
  });

  it('gathers an attribute and an element of one name', async () => {
    expect(await toJson('<a b="1"><b>2</b></a>')).to.equal('{"a":{"b":["1","2"]}}');
  });

  it('writes another text than null for a null', async () => {
    const options = '<RecognizeNull>true</RecognizeNull><NullValue>NONE</NullValue>';
    expect(await toJson('<a><b/></a>', options)).to.equal('{"a":{"b":"NONE"}}');
    expect(await toJson('<a><b/></a>', options.replace('NONE', 'NULL'))).to.equal(
      '{"a":{"b":null}}',
    );
  });

  it('strips outer objects as long as they hold one property with an object or array', async () => {
    const xml = '<Envelope><Body><City><Name>X</Name></City></Body></Envelope>';
    const strip = (levels: number) => toJson(xml, `<StripLevels>${levels}</StripLevels>`);
    expect(await strip(2)).to.equal('{"City":{"Name":"X"}}');
    expect(await strip(9)).to.equal('{"Name":"X"}');
  });

  it('does not unwrap an array that is not alone in its element', async () => {
    const options = '<TreatAsArray><Path unwrap="true">r/l/i</Path></TreatAsArray>';
    expect(await toJson('<r><l n="2"><i>1</i></l></r>', options)).to.equal(
      '{"r":{"l":{"n":"2","i":["1"]}}}',
    );
  });

  it('writes an answer for a request, which has none yet', async () => {
    const { flow, fault } = await runPolicy(
      '<XMLToJSON name="X2J"><Options/><Source>request</Source><OutputVariable>response</OutputVariable></XMLToJSON>',
      {
        variables: {
          request: {
            message: 'request',
            headers: { 'Content-Type': 'application/atom+xml; charset=utf-8' },
            content: '<a>ü</a>',
          },
        },
      },
    );
    expect(fault).to.equal(undefined);
    expect(flow.variables.get('response.content')).to.equal('{"a":"ü"}');
    expect(flow.variables.get('response.header.content-type')).to.equal('application/json');
    expect(flow.variables.get('request.content')).to.equal('<a>ü</a>');
  });

  it('faults where the document ends too early, with the place', async () => {
    expect(await faultOf('<a>\n<b>xy')).to.equal(
      `${failed}Premature end of document while parsing at line 2(possibly  around char 5)`,
    );
  });

  it('refuses entities of every kind', async () => {
    const bomb = `<!DOCTYPE a [<!ENTITY b "xx"><!ENTITY c "&b;&b;">]><a>&c;</a>`;
    const external = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>';
    for (const xml of [bomb, external]) {
      expect(await faultOf(xml)).to.match(/reason: A document type declaration is not allowed at/);
    }
    expect(await faultOf('<a>&b;</a>')).to.have.string(failed);
  });

  it('refuses what is nested too deeply or has too many parts, whatever its size', async () => {
    expect(await faultOf('<a>'.repeat(1_000_000))).to.match(/nested more than 200 deep/);
    expect(await faultOf(`<a>${'<b/>'.repeat(1_000_001)}</a>`)).to.match(/more than 1000000/);
    expect(await faultOf(`<a b="${'x'.repeat(2 * 1024 * 1024)}"/>`)).to.have.string(failed);
  });

  it('always writes JSON that says what the document says', async () => {
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,8}$/);
    const text = fc
      .string({ unit: 'grapheme' })
      .filter((one) => /\S/.test(one) && !/[\0-\x1f\ufffe\uffff]/.test(one));
    const escaped = (value: string): string =>
      value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(name, text), { selector: ([key]) => key, minLength: 1 }),
        async (members) => {
          const inner = members.map(([key, value]) => `<${key}>${escaped(value)}</${key}>`);
          const json = String(await toJson(`<r>${inner.join('')}</r>`));
          const wanted = members.map(
            ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`,
          );
          expect(json).to.equal(`{"r":{${wanted.join(',')}}}`);
        },
      ),
      { numRuns: 100 },
    );
  });
});
