import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { runScript } from '../policies/javascript/run-script.ts';

const vectors = JSON.parse(
  await readFile(new URL('../../fixtures/golden/rhino/error-texts.json', import.meta.url), 'utf8'),
) as readonly (readonly [script: string, error: string])[];

/** Apigee's documentation shows a full stop that Rhino does not write. */
const asApigee = (error: string): string =>
  error.replace(/^(SyntaxError: Unexpected token: .)$/, '$1.');

describe("the texts of a script's errors", () => {
  it('are told for some dozens of scripts', () => {
    expect(vectors).to.have.length.above(40);
  });

  for (const [script, error] of vectors) {
    it(`are Rhino's for ${script}`, async () => {
      const { fault } = await runScript(script);
      expect(fault?.faultstring).to.equal(
        `Execution of JS-1 failed with error: Javascript runtime error: "${asApigee(error)} (main.js:1)"`,
      );
    });
  }

  it('name the file and the line of a call within calls', async () => {
    const { fault } = await runScript('\nouter();', {
      included: { 'lib/first.js': '\n\nfunction outer() {\n  return inner.x;\n}' },
    });
    expect(fault?.faultstring).to.include('"inner" is not defined. (lib/first.js:4)');
  });

  it('are those of Rhino for a script that catches an error', async () => {
    const { flow } = await runScript(
      '\ntry { null.x; } catch (e) { context.setVariable("x", e + "|" + e.lineNumber + "|" + e.fileName); }',
    );
    expect(flow.variables.get('x')).to.equal(
      'TypeError: Cannot read property "x" from null|2|main.js',
    );
  });
});
