import { expect } from 'chai';
import fc from 'fast-check';
import { createRuntime, parsePolicy } from '../../../lib/index.ts';
import { flowValueText } from '../../../lib/message/flow-value.ts';

const there = parsePolicy(
  '<JSONToXML name="J2X"><Options/><Source>json</Source><OutputVariable>xml</OutputVariable></JSONToXML>',
);
const back = parsePolicy(
  `<XMLToJSON name="X2J"><Options>
     <RecognizeNumber>true</RecognizeNumber><RecognizeBoolean>true</RecognizeBoolean><RecognizeNull>true</RecognizeNull>
     <NullValue>NULL</NullValue><AttributePrefix>@</AttributePrefix><TextNodeName>#text</TextNodeName>
   </Options><Source>xml</Source><OutputVariable>json</OutputVariable></XMLToJSON>`,
);

const name = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9-]{0,5}$/);
/** A text that is no other value, and has no white space at its ends, which XML loses. */
const text = fc
  .stringMatching(/^[a-z<>&"'{}[\]é€😀 ]{1,12}$/u)
  .filter((one) => one.trim() === one && !['true', 'false'].includes(one));
const scalar = fc.oneof(text, fc.boolean(), fc.integer(), fc.constant(null));

/** What both have a form for: lists of two or more, not within one another and not of nothing. */
const { object } = fc.letrec<{ object: Record<string, unknown> }>((tie) => {
  const item = fc.oneof(text, tie('object'));
  const member = fc.oneof(scalar, tie('object'), fc.array(item, { minLength: 2, maxLength: 4 }));
  return {
    object: fc.oneof(
      { depthSize: 'small' },
      fc.dictionary(name, scalar, { minKeys: 1, maxKeys: 3 }),
      fc
        .tuple(
          fc.dictionary(name, member, { maxKeys: 4 }),
          fc.dictionary(name, text, { maxKeys: 2 }),
        )
        .map(([elements, attributes]) => ({
          ...Object.fromEntries(
            Object.entries(attributes).map(([key, value]) => [`@${key}`, value]),
          ),
          ...elements,
        }))
        .filter((one) => Object.keys(one).length > 0),
    ),
  };
});

describe('JSONToXML and XMLToJSON', () => {
  it('lead back to the same JSON, where XML has a form for it', async () => {
    const runtime = createRuntime();
    const programs = [runtime.compile(there), runtime.compile(back)];
    await fc.assert(
      fc.asyncProperty(name, object, async (root, content) => {
        const json = JSON.stringify({ [root]: content });
        const flow = runtime.newFlow({ variables: { json } });
        for (const program of programs) await program.run(flow);
        expect(JSON.parse(flowValueText(flow.variables.get('json') ?? null))).to.deep.equal({
          [root]: content,
        });
      }),
    );
    await runtime.close();
  });
});
