import { expect } from 'chai';
import fc from 'fast-check';
import { dataOf, EventSplitter, hasFields, withData } from '../../lib/flow/event-splitter.ts';

function split(...chunks: readonly Uint8Array[]): readonly (readonly [string, string])[] {
  const splitter = new EventSplitter();
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.finish()].map(
    ({ text, end }) => [text, end] as const,
  );
}

describe('the events of a stream', () => {
  it('end with a blank line, whatever ends a line', () => {
    for (const lineEnd of ['\n', '\r\n', '\r']) {
      const text = ['data: a', 'data: b', '', 'data: c', '', ''].join(lineEnd);
      expect(split(Buffer.from(text)), JSON.stringify(lineEnd)).to.deep.equal([
        [`data: a${lineEnd}data: b`, lineEnd + lineEnd],
        ['data: c', lineEnd + lineEnd],
      ]);
    }
  });

  it('are the same however the bytes come, and lose none', () => {
    const line = fc.constantFrom('data: a', 'data: é😀', ': x', 'id: 1', '');
    const lines = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 12 });
    fc.assert(
      fc.property(lines, fc.array(fc.nat(30), { maxLength: 12 }), (parts, sizes) => {
        const bytes = Buffer.from(parts.flat().join(''));
        const chunks: Buffer[] = [];
        let at = 0;
        for (const size of sizes) chunks.push(bytes.subarray(at, (at += size)));
        const events = split(...chunks, bytes.subarray(at));
        expect(events).to.deep.equal(split(bytes));
        expect(events.flat().join('')).to.equal(bytes.toString());
      }),
    );
  });

  it('keep what stands behind the last blank line', () => {
    expect(split(Buffer.from('data: a\n\ndata: b'))).to.deep.equal([
      ['data: a', '\n\n'],
      ['data: b', ''],
    ]);
  });

  it('have data in lines, one blank behind the colon left out', () => {
    expect(dataOf('event: x\ndata: a\r\ndata:b\ndata\ndata:  c\ndatabase: d')).to.equal(
      'a\nb\n\n c',
    );
    expect(dataOf('id: 1')).to.equal('');
  });

  it('can be given other data', () => {
    expect(withData('id: 1\ndata: a\ndata: b\nevent: x', 'c\nd')).to.equal(
      'id: 1\ndata: c\ndata: d\nevent: x',
    );
    expect(withData('id: 1', 'c')).to.equal('id: 1\ndata: c');
  });

  it('are none where there are only comments', () => {
    expect(hasFields({ text: ': a\n:b', end: '\n\n' })).to.equal(false);
    expect(hasFields({ text: ': a\ndata', end: '\n\n' })).to.equal(true);
  });
});
