import { expect } from 'chai';
import { defaultSourceLimits } from '../../lib/bundle/limits.ts';
import { entryNameProblem } from '../../lib/bundle/zip-entry-name.ts';

const problems: readonly (readonly [name: string, problem: string | undefined])[] = [
  ['apiproxy/policies/a.xml', undefined],
  ['apiproxy/', undefined],
  ['a..b/..c/d..', undefined],
  ['Ä ö/日本.xml', undefined],
  ['C', undefined],
  ['CC:/a', undefined],
  ['__proto__/constructor', undefined],
  ['', 'has no name'],
  ['a'.repeat(1025), 'has a name of 1025 characters'],
  ['a\\b', 'has a backslash in its path'],
  ['a\tb', 'has a control character in its path'],
  ['a\u0085b', 'has a control character in its path'],
  ['/a', 'has an absolute path'],
  ['/', 'has an absolute path'],
  ['c:a', 'has an absolute path'],
  ['..', 'leads out of the archive with ".."'],
  ['../', 'leads out of the archive with ".."'],
  ['a/../b', 'leads out of the archive with ".."'],
  ['./a', 'has an empty or "." segment in its path'],
  ['a//b', 'has an empty or "." segment in its path'],
  ['a//', 'has an empty or "." segment in its path'],
];

describe('the name of a zip entry', () => {
  for (const [name, problem] of problems) {
    const shown = JSON.stringify(name.slice(0, 40));
    it(problem === undefined ? `${shown} is safe` : `${shown} ${problem}`, () => {
      expect(entryNameProblem(name, defaultSourceLimits)).to.equal(problem);
    });
  }
});
