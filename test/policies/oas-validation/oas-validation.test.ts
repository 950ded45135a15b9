import { expect } from 'chai';
import { createRuntime, DeploymentError, parsePolicy } from '../../../lib/index.ts';
import { runPolicy } from '../run-policy.ts';

const policy = `<OASValidation name="OAS"><OASResource>oas://api.json</OASResource>
  <Options><ValidateMessageBody>true</ValidateMessageBody></Options></OASValidation>`;

const surroundings = (document: unknown) => ({
  resources: {
    read: (url: string) =>
      url === 'oas://api.json' ? Buffer.from(JSON.stringify(document)) : undefined,
  },
});

function withBody(schema: unknown, components: unknown = {}): unknown {
  return {
    openapi: '3.0.1',
    paths: { '/a': { post: { requestBody: { content: { 'application/json': { schema } } } } } },
    components,
  };
}

function withParameter(parameter: Readonly<Record<string, unknown>>, path = '/a'): unknown {
  return { openapi: '3.0.1', paths: { [path]: { get: { parameters: [parameter] } } } };
}

interface Sent {
  readonly verb?: string;
  readonly path?: string;
  readonly queryParams?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly content?: string;
}

/** What is wrong with a request; undefined if nothing. */
async function wrongWith(document: unknown, sent: Sent): Promise<string | undefined> {
  const request = { message: 'request', verb: 'GET', path: '/a', ...sent };
  const { fault } = await runPolicy(policy, {
    variables: { request },
    surroundings: surroundings(document),
  });
  return (
    /reason: "\[ERROR - ([^]*): \[\]\]"$/.exec(fault?.faultstring ?? '')?.[1] ?? fault?.faultstring
  );
}

const body = (content: string): Sent => ({
  verb: 'POST',
  headers: { 'Content-Type': 'application/json' },
  content,
});

function refusal(document: unknown): string {
  try {
    createRuntime().compile(parsePolicy(policy), surroundings(document));
    return 'it deploys';
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    return error.diagnostics.map(({ code, message }) => `${code}: ${message}`).join();
  }
}

describe('OASValidation', () => {
  it('says what is wrong in the words of the validator that Apigee uses', async () => {
    const messages: readonly (readonly [
      schema: unknown,
      value: string,
      message: string | undefined,
    ])[] = [
      [
        { type: 'string', enum: ['a'] },
        '"b"',
        'Instance value ("b") not found in enum (possible values: ["a"])',
      ],
      [
        { type: 'array', minItems: 1 },
        '[]',
        'Array is too short: must have at least 1 elements but instance has 0 elements',
      ],
      [
        { type: 'array', uniqueItems: true },
        '[{"a":1,"b":2},{"b":2,"a":1}]',
        'Array must not contain duplicate elements',
      ],
      [
        { type: 'string', maxLength: 1 },
        '"😀b"',
        'String "😀b" is too long (length: 2, maximum allowed: 1)',
      ],
      [
        { type: 'object', additionalProperties: false },
        '{"z":1,"b":2}',
        'Object instance has properties which are not allowed by the schema: ["b","z"]',
      ],
      [
        { oneOf: [{ type: 'string' }, { type: 'integer' }] },
        'true',
        'Instance failed to match exactly one schema (matched 0 out of 2)',
      ],
      [
        { anyOf: [{ type: 'string' }, { type: 'integer' }] },
        'true',
        'Instance failed to match at least one required schema among 2',
      ],
      [{ type: 'string', format: 'email' }, '"x"', 'String "x" is not a valid email address'],
      [
        { type: 'number', maximum: 5 },
        '5.5',
        'Numeric instance is greater than the required maximum (maximum: 5, found: 5.5)',
      ],
      [{ type: 'integer', nullable: true }, 'null', undefined],
      [
        { type: 'object', required: ['id'], properties: { id: { readOnly: true } } },
        '{}',
        undefined,
      ],
    ];
    for (const [schema, value, message] of messages) {
      expect(await wrongWith(withBody(schema), body(value)), value).to.equal(message);
    }
  });

  it('reads parameters in every style', async () => {
    const integers = { type: 'array', items: { type: 'integer' }, maxItems: 2 };
    const tooMany = 'Array is too long: must have at most 2 elements but instance has 3 elements';
    const point = { type: 'object', properties: { x: { type: 'integer', maximum: 1 } } };
    const tooLarge =
      "[Path '/x'] Numeric instance is greater than the required maximum (maximum: 1, found: 2)";
    const cases: readonly (readonly [Readonly<Record<string, unknown>>, Sent, string, string?])[] =
      [
        [{ in: 'query', schema: integers }, { queryParams: { p: ['1', '2', '3'] } }, tooMany],
        [
          { in: 'query', explode: false, schema: integers },
          { queryParams: { p: '1,2,3' } },
          tooMany,
        ],
        [
          { in: 'query', style: 'pipeDelimited', explode: false, schema: integers },
          { queryParams: { p: '1|2|3' } },
          tooMany,
        ],
        [
          { in: 'query', style: 'deepObject', schema: point },
          { queryParams: { 'p[x]': '2' } },
          tooLarge,
        ],
        [
          { in: 'query', content: { 'application/json': { schema: point } } },
          { queryParams: { p: '{"x":2}' } },
          tooLarge,
        ],
        [{ in: 'header', schema: point }, { headers: { p: 'x,2' } }, tooLarge],
        [{ in: 'header', explode: true, schema: point }, { headers: { P: 'x=2' } }, tooLarge],
        [
          { in: 'cookie', schema: { type: 'integer', maximum: 1 } },
          { headers: { Cookie: 'a=9; p=2' } },
          tooLarge.slice(12),
        ],
        [
          { in: 'path', style: 'label', schema: integers },
          { path: '/a/.1,2,3' },
          tooMany,
          '/a/{p}',
        ],
        [
          { in: 'path', style: 'matrix', explode: true, schema: integers },
          { path: '/a/;p=1;p=2;p=3' },
          tooMany,
          '/a/{p}',
        ],
        [
          { in: 'path', schema: { type: 'string', maxLength: 2 } },
          { path: '/a/%20x%20.json' },
          'String " x " is too long (length: 3, maximum allowed: 2)',
          '/a/{p}.json',
        ],
      ];
    for (const [parameter, sent, message, path] of cases) {
      const document = withParameter({ name: 'p', ...parameter }, path);
      expect(await wrongWith(document, sent), JSON.stringify(parameter)).to.equal(message);
    }
  });

  it('follows references in circles as far as a value goes', async () => {
    const schemas = {
      Tree: { type: 'object', properties: { next: { $ref: '#/components/schemas/Tree' } } },
    };
    const document = withBody({ $ref: '#/components/schemas/Tree' }, { schemas });
    expect(await wrongWith(document, body('{"next":{"next":{}}}'))).to.equal(undefined);
    expect(await wrongWith(document, body('{"next":{"next":1}}'))).to.equal(
      `[Path '/next/next'] Instance type (integer) does not match any allowed primitive type (allowed: ["object"])`,
    );
    const deep = '{"next":'.repeat(100_000);
    expect(await wrongWith(document, body(`${deep}1${'}'.repeat(100_000)}`))).to.match(
      /nested more than 500 deep/,
    );
  });

  it('refuses at deployment a document that leads elsewhere or that cannot be used', () => {
    const other = (reference: string) => refusal(withBody({ $ref: reference }));
    expect(other('http://127.0.0.1/schema.json')).to.match(
      /^ResourceCompileFailed: .*it is not in the document/,
    );
    expect(other('file:///etc/passwd')).to.match(/^ResourceCompileFailed: /);
    expect(other('#/components/schemas/None')).to.match(
      /^ResourceCompileFailed: .*nothing has that name/,
    );
    expect(refusal({ swagger: '2.0', paths: {} })).to.match(/not of OpenAPI 3\.0/);
    expect(refusal(withBody({ pattern: '(' }))).to.match(
      /^ResourceCompileFailed: .*the pattern \( is none/,
    );
  });

  it('gives up a pattern that a text makes endless', async () => {
    const document = withBody({ type: 'string', pattern: '^(a+)+$' });
    expect(await wrongWith(document, body(`"${'a'.repeat(5_000)}!"`))).to.match(
      /does not match input string/,
    );
  });

  it('reads patterns as JavaScript means them', async () => {
    const document = withBody({ type: 'string', pattern: '^[[a&&b]+[^]$' });
    expect(await wrongWith(document, body('"[&ab\\n"'))).to.equal(undefined);
  });

  it('looks for one error only in a large body', async () => {
    const document = withBody({ type: 'array', items: { type: 'string' } });
    expect(await wrongWith(document, body(`[${'1,'.repeat(1_000_000)}1]`))).to.equal(
      `[Path '/0'] Instance type (integer) does not match any allowed primitive type (allowed: ["string"])`,
    );
  });

  it('gives up a value whose levels double the branches to try', async () => {
    const reference = { $ref: '#/components/schemas/N' };
    const branch = { type: 'object', properties: { c: reference } };
    const nested = (depth: number): string => `${'{"c":'.repeat(depth)}{}${'}'.repeat(depth)}`;
    for (const keyword of ['oneOf', 'anyOf', 'allOf']) {
      const schemas = { N: { [keyword]: [{ ...branch, required: ['x'] }, branch] } };
      const document = withBody(reference, { schemas });
      expect(await wrongWith(document, body(nested(400)))).to.equal(
        'Instance takes too many steps to validate',
      );
      if (keyword === 'allOf') continue;
      expect(await wrongWith(document, body(nested(8)))).to.equal(undefined);
    }
  });

  it('tells many values apart of which no branch is right', async () => {
    const document = withBody({
      type: 'array',
      items: { anyOf: [{ type: 'string' }, { type: 'boolean' }] },
    });
    const messages = await wrongWith(document, body(`[${'1,'.repeat(40_000)}1]`));
    expect(messages?.split(', ERROR - ')).to.have.length(40_001);
  });

  it('finds duplicates in a large array', async () => {
    const document = withBody({ type: 'array', uniqueItems: true });
    const items = Array.from({ length: 100_000 }, (_, index) => `{"a":${index}}`).join();
    expect(await wrongWith(document, body(`[${items}]`))).to.equal(undefined);
  });

  it('takes names that objects inherit for ordinary names', async () => {
    const document = withBody({
      type: 'object',
      required: ['constructor'],
      additionalProperties: false,
      properties: { constructor: {} },
    });
    expect(await wrongWith(document, body('{"__proto__":1,"constructor":1}'))).to.match(
      /not allowed by the schema: \["__proto__"\]/,
    );
    expect(await wrongWith(document, body('{}'))).to.match(
      /missing required properties \(\["constructor"\]\)/,
    );
  });
});
