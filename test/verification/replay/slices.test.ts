import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { jsonSlices } from '../../../lib/verification/replay/session/json-slices.ts';
import type { Slice } from '../../../lib/verification/replay/session/slice.ts';
import { TextWindow } from '../../../lib/verification/replay/session/text-window.ts';
import { xmlSlices } from '../../../lib/verification/replay/session/xml-slices.ts';

type Cut = (window: TextWindow) => AsyncGenerator<Slice>;

async function* pieces(text: string, lengths: readonly number[]): AsyncGenerator<string> {
  let at = 0;
  for (let turn = 0; at < text.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1;
    yield await Promise.resolve(text.slice(at, at + length));
    at += length;
  }
}

async function slicesOf(cut: Cut, text: string, lengths = [text.length]): Promise<Slice[]> {
  const slices: Slice[] = [];
  for await (const slice of cut(new TextWindow('session', pieces(text, lengths)))) {
    slices.push(slice);
  }
  return slices;
}

const tricky = `<?xml version="1.0"?>
<!-- <Message>in a comment</Message> -->
<DebugSession a='>' b="</DebugSession>">
  <API>one</API>
  <Messages>
    <Message><DebugId><![CDATA[</Message>]]></DebugId></Message>
    <!-- </Messages> -->
    <Message x="</Message>"><Message>inner</Message></Message><Message/>
  </Messages>
  <SessionId/>
</DebugSession>`;

const trickyJson = `{"DebugSession": {"API": "a ] } \\" \\\\"}, "more": [1, "]"],
  "Messages": [ {"point": ["}", "\\\\", {"a": [[]]}]},
    {"point": []} ] , "last": null}`;

describe('cutting a session into its parts', () => {
  it('takes comments, CDATA sections and quotes for what they are', async () => {
    const slices = await slicesOf(xmlSlices, tricky);
    expect(slices.map(({ kind, text }) => [kind, text])).to.deep.equal([
      ['head', '<API>one</API>'],
      ['transaction', '<Message><DebugId><![CDATA[</Message>]]></DebugId></Message>'],
      ['transaction', '<Message x="</Message>"><Message>inner</Message></Message>'],
      ['transaction', '<Message/>'],
      ['head', '<SessionId/>'],
    ]);
    expect(slices.map(({ place: { line, column } }) => [line, column])).to.deep.equal([
      [4, 3],
      [6, 5],
      [8, 5],
      [8, 63],
      [10, 3],
    ]);
  });

  it('takes brackets and quotes within JSON texts for what they are', async () => {
    const slices = await slicesOf(jsonSlices, trickyJson);
    expect(slices.map(({ kind, text }) => [kind, JSON.parse(text) as unknown])).to.deep.equal([
      ['head', { API: 'a ] } " \\' }],
      ['transaction', { point: ['}', '\\', { a: [[]] }] }],
      ['transaction', { point: [] }],
    ]);
    expect(slices[2]?.place).to.include({ line: 3, column: 5 });
  });

  const files = [
    { name: 'orders.edge.xml', cut: xmlSlices, own: tricky },
    { name: 'orders.x.json', cut: jsonSlices, own: trickyJson },
  ];
  for (const { name, cut, own } of files) {
    it(`gives the same parts of ${name} wherever the reading pauses`, async () => {
      const text = await readFile(`fixtures/sessions/${name}`, 'utf8');
      const [whole, small] = [await slicesOf(cut, text), await slicesOf(cut, own)];
      expect(whole.filter(({ kind }) => kind === 'transaction')).to.have.length(4);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
          async (sizes) => {
            expect(await slicesOf(cut, own, sizes)).to.deep.equal(small);
            const larger = sizes.map((size) => size * 997);
            expect(await slicesOf(cut, text, larger)).to.deep.equal(whole);
          },
        ),
        { numRuns: 30 },
      );
    });

    it(`says of every beginning of ${name} where it breaks off`, async () => {
      for (let length = 1; length < own.trimEnd().length; length += 1) {
        const outcome = await slicesOf(cut, own.slice(0, length)).then(
          () => 'read',
          (error: unknown) => String(error),
        );
        expect(outcome, own.slice(0, length)).to.match(
          /^UnreadableSession: session:\d+:\d+ error (?:truncated-session|no-debug-session) /,
        );
      }
    });
  }
});
