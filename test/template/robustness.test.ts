import { expect } from 'chai';
import fc from 'fast-check';
import { parseTemplate } from '../../lib/template/parse.ts';
import { compiled, flowOf, strict } from './rendering.ts';

const braced = { prefix: '{', suffix: '}', dollarReferences: 'literal' } as const;

/** Every text over the letters, up to the length. */
function* textsOver(letters: string, longest: number): Generator<string> {
  if (longest === 0) {
    yield '';
    return;
  }
  for (const start of textsOver(letters, longest - 1)) {
    yield start;
    if (start.length === longest - 1) {
      for (let at = 0; at < letters.length; at += 1) yield start + letters.charAt(at);
    }
  }
}

describe('message templates on any input', () => {
  it('every text of up to five marks compiles, renders, and has parts without gap or overlap', () => {
    const flow = flowOf({ a: 'A' });
    let count = 0;
    for (const source of textsOver('{}a:\'(),\\ "', 5)) {
      count += 1;
      const { template } = compiled(source);
      template.render(flow, 'ignore');
      let at = 0;
      for (const { start, end } of template.parts) {
        if (start !== at || end <= start) expect.fail(`gap at ${at} in ${source}`);
        at = end;
      }
      if (at !== source.length) expect.fail(`gap at ${at} in ${source}`);
    }
    expect(count).to.equal((11 ** 6 - 1) / 10);
  }).timeout(60_000);

  it('text without an opening delimiter is itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!text.includes('{'));
        expect(strict(text)).to.equal(text);
      }),
    );
  });

  it('a value is inserted as it is and never read as a template (servicecallout 197)', () => {
    expect(strict('{v}', { v: '{w}', w: '1' })).to.equal('{w}');
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('{w}', '\\{', '$1', "{f('"),
        (text, mark) => {
          const value = text + mark + text;
          expect(strict('<{v}|{v:x}|{firstnonnull(v)}>', { v: value, w: '1' })).to.equal(
            `<${value}|${value}|${value}>`,
          );
        },
      ),
    );
  });

  it('a variable called like a member of Object is a variable like any other', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'constructor.prototype']) {
      expect(strict(`{${name}:none}`)).to.equal('none');
    }
  });

  it('parts stay within any text under any delimiters', () => {
    const mark = fc.string({
      unit: fc.constantFrom(...Array.from('{}@#%a:\'(),\\ "$')),
      maxLength: 40,
    });
    const delimiter = fc.string({
      unit: fc.constantFrom(...Array.from('{}@#a(')),
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(mark, delimiter, delimiter, (source, prefix, suffix) => {
        const { parts } = parseTemplate(source, { prefix, suffix, dollarReferences: 'reference' });
        let at = 0;
        for (const { start, end } of parts) {
          expect(start).to.equal(at);
          expect(end).to.be.greaterThan(start);
          at = end;
        }
        expect(at).to.equal(source.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('long texts of openers are read in one pass', () => {
    for (const unit of ['{', '{a', '{a:', '{a(', "{a('", '{a(a,', '{{a}}', '{a(((']) {
      const source = unit.repeat(20_000);
      expect(parseTemplate(source, braced).parts.at(-1)?.end).to.equal(source.length);
    }
  });
});
