import { expect } from 'chai';
import { DeploymentError } from '../../../lib/diagnostic/deployment-error.ts';
import type { Diagnostic } from '../../../lib/diagnostic/diagnostic.ts';
import { parseSuite } from '../../../lib/verification/suite/read-suite.ts';

interface Finding {
  readonly what: string;
  readonly text: string;
  /** `line:column code`, and what its message says, for each finding. */
  readonly found: readonly (readonly [place: string, message: RegExp])[];
}

const policyCase = (rest: string): string =>
  `cases:\n  - name: a\n    policy: <X/>\n${rest.replace(/^/gm, '    ')}`;

const deep = (levels: number): string => `cases: ${'['.repeat(levels)}${']'.repeat(levels)}`;

const laughs = (levels: number): string =>
  [
    'environment:',
    '  a0: &a0 [1, 1]',
    ...Array.from({ length: levels }, (_, n) => `  a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`),
    'cases: []',
  ].join('\n');

const findings: readonly Finding[] = [
  { what: 'an empty text', text: '', found: [['1:1 invalid-suite', /must be object/]] },
  { what: 'what is no YAML', text: 'cases: [', found: [['1:9 malformed-document', /./]] },
  { what: 'a text alone', text: 'cases', found: [['1:1 invalid-suite', /must be object/]] },
  { what: 'no cases', text: 'name: x', found: [['1:1 invalid-suite', /'cases'/]] },
  {
    what: 'a field that is nearly one',
    text: 'upstream: {}\ncases: []',
    found: [['1:1 unknown-field', /"upstream" is no field of a suite\. Did you mean upstreams\?/]],
  },
  {
    what: 'a field that is nothing',
    text: policyCase('expect: {}\nfrobnicate: 1'),
    found: [['5:5 unknown-field', /"frobnicate" is no field of "cases\.0"\.$/]],
  },
  {
    what: '__proto__ as a field',
    text: policyCase('expect: {}\n__proto__: { polluted: true }'),
    found: [['5:5 unknown-field', /__proto__/]],
  },
  {
    what: 'a status of a wrong type',
    text: 'upstreams:\n  http://a.test: { status: ok }\ncases: []',
    found: [['2:20 invalid-suite', /"upstreams\.http:\/\/a\.test\.status" must be integer/]],
  },
  {
    what: 'an origin with a path',
    text: 'upstreams:\n  http://a.test/path: {}\ncases: []',
    found: [['2:3 invalid-suite', /"upstreams\.http:\/\/a\.test\/path" must match pattern/]],
  },
  {
    what: 'a failure that there is not',
    text: 'upstreams:\n  http://a.test: { failure: refuse }\ncases: []',
    found: [['2:20 invalid-suite', /refused, unresolvable, tls, hang, reset, cut/]],
  },
  {
    what: 'a request with a field that is nearly one',
    text: policyCase('expect: {}\nrequest: { heders: {} }'),
    found: [['5:16 unknown-field', /"heders" is no field of "cases\.0\.request"\. .*headers/]],
  },
  {
    what: 'a request that is a number',
    text: policyCase('expect: {}\nrequest: 5'),
    found: [['5:5 invalid-suite', /"cases\.0\.request" has the wrong form\. `GET/]],
  },
  {
    what: 'a body with two forms',
    text: policyCase("expect: {}\nrequest: { body: { json: 1, xml: '<a/>' } }"),
    found: [['5:16 invalid-suite', /request\.body" has the wrong form/]],
  },
  {
    what: 'a step that is none',
    text: 'cases:\n  - name: a\n    steps: [{ polcy: <X/> }]\n    expect: {}',
    found: [['3:15 unknown-field', /"polcy" .*Did you mean policy\?/]],
  },
  {
    what: 'two cases of one name',
    text: `${policyCase('expect: {}')}\n  - name: a\n    policy: <X/>\n    expect: {}`,
    found: [['5:5 contradiction', /Two cases are called "a"/]],
  },
  {
    what: 'a policy and a bundle',
    text: policyCase('bundle: b\nexpect: {}'),
    found: [['2:5 contradiction', /more than one thing/]],
  },
  {
    what: 'nothing under test',
    text: 'cases: [{ name: a, expect: {} }]',
    found: [['1:9 contradiction', /nothing under test/]],
  },
  {
    what: 'a request and requests',
    text: policyCase('request: GET /\nrequests: [GET /]\nexpect: {}'),
    found: [['5:5 contradiction', /request and requests/]],
  },
  {
    what: 'a response of a policy that runs alone',
    text: policyCase('expect: { response: { status: 200 } }'),
    found: [['4:15 contradiction', /a policy that runs alone sends none/]],
  },
  {
    what: 'more responses than requests',
    text: 'bundle: b\ncases:\n  - { name: a, requests: [GET /], expect: { responses: [{}, {}] } }',
    found: [['3:45 contradiction', /sends 1 requests and expects 2 responses/]],
  },
  {
    what: 'variables of a bundle',
    text: 'bundle: b\ncases:\n  - { name: a, variables: {}, expect: {} }',
    found: [['3:16 contradiction', /which only policies that run alone read/]],
  },
  {
    what: 'a moment that there is not',
    text: policyCase("expect: {}\nnow: '2026-13-45T00:00:00Z'"),
    found: [['5:5 contradiction', /is no moment/]],
  },
  {
    what: 'an expression that is none',
    text: policyCase("expect: { variables: { v: { pattern: '(' } } }"),
    found: [['4:42 invalid-pattern', /Unterminated group/]],
  },
  {
    what: 'such an expression in what upstreams answer to',
    text: "upstreams:\n  http://a.test: { when: { url: { pattern: '[' } } }\ncases: []",
    found: [['2:44 invalid-pattern', /Unterminated character class/]],
  },
  {
    what: 'a number as an expression',
    text: policyCase('expect: { variables: { v: { pattern: 94043 } } }'),
    found: [['4:33 invalid-condition', /is no condition/]],
  },
  {
    what: 'a number as an expression inside of JSON',
    text: policyCase('expect: { calls: [{ body: { json: { a: { pattern: 1 } } } }] }'),
    found: [['4:46 invalid-condition', /is no condition/]],
  },
  {
    what: 'a condition with something else in it',
    text: policyCase('expect: { calls: [{ headers: { h: { pattern: a, flags: i } } }] }'),
    found: [['4:53 invalid-condition', /"flags" belongs to no condition/]],
  },
  {
    what: 'any: false',
    text: policyCase('expect: { fault: { code: { any: false } } }'),
    found: [['4:32 invalid-condition', /any with such a value/]],
  },
  {
    what: 'a type that there is not',
    text: policyCase('expect: { variables: { v: { type: int } } }'),
    found: [['4:33 invalid-condition', /type with such a value/]],
  },
  { what: 'deep nesting', text: deep(10_000), found: [['1:1 malformed-document', /deep/]] },
  {
    what: 'aliases that multiply',
    text: laughs(40),
    found: [['1:1 malformed-document', /With its aliases written out/]],
  },
  {
    what: 'more than enough aliases',
    text: `environment: { a: &a 1, b: [${'*a, '.repeat(101)}] }\ncases: []`,
    found: [['1:429 malformed-document', /More than 100 YAML aliases/]],
  },
];

describe('a suite that cannot be used', () => {
  for (const { what, text, found } of findings) {
    it(`is refused with its places: ${what}`, () => {
      const diagnostics = findingsOf(text);
      expect(
        diagnostics.map(({ line, column, code }) => `${line}:${column} ${code}`),
      ).to.deep.equal(found.map(([place]) => place));
      for (const [index, [, message]] of found.entries())
        expect(diagnostics[index]?.message).to.match(message);
      for (const { severity, file } of diagnostics)
        expect({ severity, file }).to.deep.equal({ severity: 'error', file: 's.yaml' });
    });
  }

  it('is refused with a bounded number of findings', () => {
    const cases = Array.from({ length: 5_000 }, () => '  - 1').join('\n');
    expect(findingsOf(`cases:\n${cases}`)).to.have.length.within(1, 200);
  });
});

describe('a suite', () => {
  it('is what its YAML says', () => {
    const { suite, file } = parseSuite(
      policyCase('expect: { variables: { __proto__: 1, v: { any: true } } }'),
      's.yaml',
    );
    expect(file).to.equal('s.yaml');
    expect(suite.cases.map(({ name }) => name)).to.deep.equal(['a']);
    expect(Object.keys(suite.cases[0]?.expect.variables ?? {})).to.deep.equal(['__proto__', 'v']);
    expect({}).to.not.have.property('polluted');
  });

  it('may be JSON', () => {
    const cases = [{ name: 'a', policy: '<X/>', expect: {} }];
    expect(parseSuite(JSON.stringify({ cases }), 's.json').suite).to.deep.equal({ cases });
  });

  it('takes data in JSON bodies that looks like nothing of ours', () => {
    const text = policyCase(
      'expect: { calls: [{ body: { json: { type: string, a: { type: integer, x: 1 }, b: {} } } }] }',
    );
    expect(() => parseSuite(text, 's.yaml')).to.not.throw();
  });

  it('takes data that looks like a condition as what { equals } holds', () => {
    const text = policyCase('expect: { variables: { v: { equals: { pattern: 1 } } } }');
    expect(() => parseSuite(text, 's.yaml')).to.not.throw();
  });
});

function findingsOf(text: string): readonly Diagnostic[] {
  try {
    parseSuite(text, 's.yaml');
  } catch (error) {
    if (error instanceof DeploymentError) return error.diagnostics;
    throw error;
  }
  throw new Error('It was read.');
}
