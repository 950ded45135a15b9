import { expect } from 'chai';
import { checkPolicy } from '../../../lib/index.ts';
import { runPolicy, valuesAfter } from '../run-policy.ts';

const extractVariables = (children: string): string =>
  `<ExtractVariables name="EV">${children}</ExtractVariables>`;

describe('the deployment of an ExtractVariables', () => {
  const json = (children: string): string => `<JSONPayload>${children}</JSONPayload>`;
  const xml = (children: string): string => `<XMLPayload>${children}</XMLPayload>`;
  const path = '<Variable name="v"><XPath>/a</XPath></Variable>';
  const findings: readonly (readonly [children: string, ...codes: string[]])[] = [
    ['', 'NothingToExtract'],
    [
      xml(`<Namespaces><Namespace prefix="p"/></Namespaces>${path}`),
      'NONEmptyPrefixMappedToEmptyURI',
    ],
    [
      xml(
        `<Namespaces><Namespace prefix="p">u</Namespace><Namespace prefix="p">w</Namespace></Namespaces>${path}`,
      ),
      'DuplicatePrefix',
    ],
    [xml('<Variable name="v"/>'), 'NoXPathsToEvaluate'],
    [xml('<Variable name="v"><XPath> </XPath></Variable>'), 'EmptyXPathExpression'],
    [xml('<Variable name="v"><XPath>/a[</XPath></Variable>'), 'XPathCompilationFailed'],
    [xml('<Variable name="v"><XPath>/p:a</XPath></Variable>'), 'XPathCompilationFailed'],
    [
      xml('<Variable name="v" type="nodeset"><XPath>count(/a)</XPath></Variable>'),
      'CannotBeConvertedToNodeset',
    ],
    [json('<Variable name="v"/>'), 'NoJSONPathsToEvaluate'],
    [json('<Variable name="v"><JSONPath/></Variable>'), 'EmptyJSONPathExpression'],
    [json('<Variable name="v"><JSONPath>$[</JSONPath></Variable>'), 'JSONPathCompilationFailed'],
    [json('<Variable><JSONPath>$.a</JSONPath></Variable>'), 'MissingName'],
    ['<Header><Pattern>{v}</Pattern></Header>', 'MissingName'],
    ['<URIPath><Pattern>/a</Pattern></URIPath>', 'PatternWithoutVariable'],
    ['<URIPath><Pattern>/{a</Pattern></URIPath>', 'InvalidPattern'],
  ];
  for (const [children, ...codes] of findings) {
    it(`finds ${codes.join()} in ${children === '' ? 'one without children' : children}`, () => {
      const errors = checkPolicy(extractVariables(children)).filter(
        ({ severity }) => severity === 'error',
      );
      expect(errors.map(({ code }) => code)).to.deep.equal(codes);
    });
  }
});

describe('a type', () => {
  const types: readonly (readonly [type: string, json: string, value: unknown])[] = [
    ['string', '"a"', 'a'],
    ['string', 'true', 'true'],
    ['string', '{"b":[1,null]}', '{"b":[1,null]}'],
    ['boolean', 'false', false],
    ['boolean', '"TRUE"', true],
    ['boolean', '0', undefined],
    ['integer', '7', 7],
    ['integer', '"-7"', -7],
    ['integer', '7.5', undefined],
    ['integer', '2147483648', undefined],
    ['long', '2147483648', 2_147_483_648],
    ['long', '"9223372036854775807"', 9_223_372_036_854_775_807n],
    ['long', '"9223372036854775808"', undefined],
    ['long', '"x7"', undefined],
    ['float', '"1.5e3"', 1500],
    ['double', '"one"', undefined],
    ['nodeset', '[1]', '[1]'],
  ];
  for (const [type, json, value] of types) {
    const outcome = value === undefined ? 'cannot be' : `is ${typeof value}`;
    it(`${type} ${outcome} for ${json}`, async () => {
      const { flow, fault } = await runPolicy(
        extractVariables(
          `<Source>s</Source><JSONPayload><Variable name="v" type="${type}"><JSONPath>$.a</JSONPath></Variable></JSONPayload>`,
        ),
        { variables: { s: `{"a":${json}}` } },
      );
      expect(fault?.name).to.equal(value === undefined ? 'UnableToCast' : undefined);
      expect(flow.variables.get('v') ?? undefined).to.equal(value);
    });
  }

  it('of an XPath may be that of what it computes', async () => {
    const found = await valuesAfter(
      extractVariables(
        '<Source>s</Source><XMLPayload><Variable name="n" type="integer"><XPath>count(/a/b)</XPath></Variable><Variable name="b" type="boolean"><XPath>/a/b = 2</XPath></Variable></XMLPayload>',
      ),
      ['n', 'b'],
      { variables: { s: '<a><b>1</b><b>2</b></a>' } },
    );
    expect(found).to.deep.equal({ n: 2, b: true });
  });
});

describe('ExtractVariables', () => {
  it('leaves a body alone where JSONPayload and XMLPayload are empty', async () => {
    const policy = extractVariables('<JSONPayload/><XMLPayload/>');
    const { fault } = await runPolicy(policy, {
      variables: { 'request.header.content-type': 'application/json', 'request.content': '{' },
    });
    expect(fault).to.equal(undefined);
    expect(checkPolicy(policy).map(({ severity }) => severity)).to.deep.equal([
      'warning',
      'warning',
    ]);
  });

  it('leaves a variable alone whose JSON value is null', async () => {
    const found = await valuesAfter(
      extractVariables(
        '<Source>s</Source><JSONPayload><Variable name="v"><JSONPath>$.a</JSONPath></Variable></JSONPayload>',
      ),
      ['v'],
      { variables: { s: '{"a":null}', v: 'old' } },
    );
    expect(found).to.deep.equal({ v: 'old' });
  });

  const longIntegers: readonly (readonly [path: string, value: string])[] = [
    ['$.id', '12345678901234567890'],
    ['$.list[1]', '-9007199254740993'],
    ['$', '{"id":12345678901234567890,"text":"a 9007199254740993","list":[1,-9007199254740993]}'],
    ['$.text', 'a 9007199254740993'],
    ['$.list.length()', '2'],
  ];
  for (const [path, value] of longIntegers) {
    it(`keeps every digit of long integers in ${path}`, async () => {
      const s =
        '{"id": 12345678901234567890, "text": "a 9007199254740993", "list": [1, -9007199254740993]}';
      const found = await valuesAfter(
        extractVariables(
          `<Source>s</Source><JSONPayload><Variable name="v"><JSONPath>${path}</JSONPath></Variable></JSONPayload>`,
        ),
        ['v'],
        { variables: { s } },
      );
      expect(found).to.deep.equal({ v: value });
    });
  }

  it('gives an empty array for a filter that nothing passes', async () => {
    const found = await valuesAfter(
      extractVariables(
        '<Source>s</Source><JSONPayload><Variable name="v"><JSONPath>$.a[?(@.b==1)]</JSONPath></Variable></JSONPayload>',
      ),
      ['v'],
      { variables: { s: '{"a":[]}' } },
    );
    expect(found).to.deep.equal({ v: '[]' });
  });

  it('faults on a variable that may only be read', async () => {
    const { fault } = await runPolicy(
      extractVariables('<Variable name="s"><Pattern>{system.uuid}</Pattern></Variable>'),
      { variables: { s: 'x' } },
    );
    expect(fault?.code).to.equal('steps.extractvariables.ImmutableVariable');
  });

  it('takes the elements in the order of the document', async () => {
    const found = await valuesAfter(
      extractVariables(
        '<Variable name="a"><Pattern>{v}</Pattern></Variable><Header name="h"><Pattern>{v}</Pattern></Header>',
      ),
      ['v'],
      { variables: { a: 'first', 'request.header.h': 'last' } },
    );
    expect(found).to.deep.equal({ v: 'last' });
  });

  it('sees a header up to its first comma, and all of it under .values', async () => {
    const found = await valuesAfter(
      extractVariables(
        '<Header name="h"><Pattern>{one}</Pattern></Header><Header name="h.values"><Pattern>{all}</Pattern></Header>',
      ),
      ['one', 'all'],
      { variables: { 'request.header.h': 'a, b' } },
    );
    expect(found).to.deep.equal({ one: 'a', all: '[a, b]' });
  });

  it('survives JSON that is nested too deeply to be written', async () => {
    const deep = 200_000;
    const { fault } = await runPolicy(
      extractVariables(
        '<Source>s</Source><JSONPayload><Variable name="v"><JSONPath>$.a</JSONPath></Variable></JSONPayload>',
      ),
      { variables: { s: `{"a":${'['.repeat(deep)}${']'.repeat(deep)}}` } },
    );
    expect(fault?.name).to.be.oneOf([undefined, 'ExecutionFailed', 'JsonPathParsingFailure']);
  });

  it('does not read a document type declaration', async () => {
    const { fault } = await runPolicy(
      extractVariables(
        '<Source>s</Source><XMLPayload><Variable name="v"><XPath>/a</XPath></Variable></XMLPayload>',
      ),
      { variables: { s: '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a>&e;</a>' } },
    );
    expect(fault?.code).to.equal('steps.extractvariables.ExecutionFailed');
  });
});
