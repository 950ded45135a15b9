import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  headerMeanings,
  headersThatNeverMatter,
} from '../../../lib/verification/verify/header-meaning.ts';
import { exactValue, parseExactJson } from '../../../lib/verification/verify/json-text.ts';
import { coversPath } from '../../../lib/verification/verify/json-tolerance.ts';

describe('the meaning of headers', () => {
  const meaning = (...lines: readonly (readonly [string, string])[]) =>
    Object.fromEntries(headerMeanings(lines));

  it('joins lines of a name, and does not care for blanks outside of quotes', () => {
    expect(meaning(['A', 'x ,y'], ['a', 'z'])).to.deep.equal(meaning(['a', 'x, y,z']));
    expect(meaning(['a', '"x,y"'])).to.not.deep.equal(meaning(['a', '"x, y"']));
  });

  it('knows cookies by their name, and their attributes in any order', () => {
    const one = meaning(['Set-Cookie', 'b=2'], ['Set-Cookie', 'a=1; Path=/; HttpOnly']);
    const other = meaning(['set-cookie', 'a=1;httponly;path=/'], ['set-cookie', 'b=2']);
    expect(one).to.deep.equal(other);
    expect(Object.keys(one)).to.have.members(['set-cookie[a]', 'set-cookie[b]']);
  });

  it('reads media types without regard to case, but not their boundaries', () => {
    const one = meaning(['content-type', 'Application/JSON;charset=UTF-8']);
    expect(one).to.deep.equal(meaning(['content-type', 'application/json; charset="utf-8"']));
    const [a, b] = ['multipart/form-data; boundary=A', 'multipart/form-data; boundary=a'];
    expect(meaning(['content-type', a])).to.not.deep.equal(meaning(['content-type', b]));
  });

  it('has a page that lists every header that never matters', async () => {
    const page = await readFile(new URL('../../../docs/verification.md', import.meta.url), 'utf8');
    for (const name of headersThatNeverMatter) expect(page).to.contain(`\`${name}\``);
  });
});

describe('JSON without a digit lost', () => {
  const value = (text: string) => exactValue(parseExactJson(text)?.value);

  it('reads one number the same in all its spellings', () => {
    for (const text of ['10', '10.0', '1e1', '100E-1']) expect(value(text)).to.equal(10);
    expect(value('-0')).to.equal(-0);
  });

  it('keeps what JavaScript cannot hold', () => {
    expect(value('[12345678901234567890]')).to.deep.equal([12345678901234567890n]);
    expect(value('0.12345678901234567890123')).to.equal('12345678901234567890123e-23');
    expect(parseExactJson('1e400')?.value).to.not.deep.equal(parseExactJson('1e401')?.value);
  });

  it('reads all other data as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        expect(exactValue(parseExactJson(text)?.value)).to.deep.equal(JSON.parse(text));
      }),
    );
  });

  it('refuses what is no JSON, and what is nested too deep', () => {
    expect(parseExactJson('{"a":')).to.equal(undefined);
    expect(parseExactJson('"'.repeat(100_001))).to.equal(undefined);
    expect(parseExactJson(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).to.equal(undefined);
  });
});

describe('a tolerance', () => {
  it('covers its place, everything inside, and any index or member for *', () => {
    expect(coversPath('$.a', '$.a.b[3]')).to.equal(true);
    expect(coversPath('$.items[*].id', '$.items[12].id')).to.equal(true);
    expect(coversPath('$["a.b"]', '$["a.b"]')).to.equal(true);
    expect(coversPath('$.a.b', '$.a')).to.equal(false);
    expect(coversPath('$.a', '$.ab')).to.equal(false);
  });

  it('that is written wrongly covers nothing', () => {
    expect(coversPath('$["\\x"]', '$.x')).to.equal(false);
  });
});
