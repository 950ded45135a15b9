import { expect } from 'chai';
import { DeploymentError } from '../../../lib/index.ts';
import { runPolicy } from '../run-policy.ts';

const limits = '<MaxDepth>100000</MaxDepth><MaxCount>100000</MaxCount>';
const schema = 'type Query { a(x: Int): A b: Int } type A { a: A b: Int }';
const verified = `<Action>parse_verify</Action><ResourceURL>graphql://s</ResourceURL>`;

async function run(query: string, children = '') {
  const policy = `<GraphQL name="G"><Source>q</Source>${limits}${children}</GraphQL>`;
  return runPolicy(policy, {
    variables: { q: query },
    surroundings: { resources: { read: () => Buffer.from(schema) } },
  });
}

const repeated = (count: number, text: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => text(at)).join(' ');

describe('GraphQL', () => {
  it('does not deploy with a file that is no schema', async () => {
    const read = () => Buffer.from('type Query {');
    let error: unknown;
    try {
      await runPolicy(`<GraphQL name="G">${verified}</GraphQL>`, {
        surroundings: { resources: { read } },
      });
    } catch (caught) {
      error = caught;
    }
    expect(error).to.be.instanceOf(DeploymentError);
    expect(String(error)).to.include('graphql://s is not a GraphQL schema');
  });

  const hostile: readonly (readonly [what: string, query: string, children?: string])[] = [
    ['selections nested without end', '{a'.repeat(300_000), verified],
    ['lists nested without end', `{a(x:${'['.repeat(400_000)})}`, verified],
    ['fragments that double forty times', doubling('b'), verified],
    ['fields that double forty times', doubling('a { b } c: a { b }'), verified],
    ['thousands of fields of one name', `{${'b '.repeat(9_000)}}`, verified],
    ['thousands of fields', `{${'b '.repeat(9_000)}}`],
    ['a text of ten million characters', `#${'x'.repeat(10_000_000)}\n{b}`],
    [
      'names that grow with every level',
      `{${`${'a{'.repeat(180)}b${'}'.repeat(180)} `.repeat(8)}}`,
    ],
  ];
  for (const [what, query, children] of hostile) {
    it(`refuses ${what}`, async () => {
      const { fault } = await run(query, children);
      expect(fault).to.include({ code: 'steps.graphql.InvalidPayload', status: 400 });
    });
  }

  it('measures a long chain of fragments without a stack', async () => {
    const chain = repeated(1_100, (at) => `fragment f${at} on A { ...f${at + 1} }`);
    const { fault } = await run(
      `{ a { ...f0 } } ${chain} fragment f1100 on A { b }`,
      '<MaxDepth>1</MaxDepth>',
    );
    expect(fault?.code).to.equal('steps.graphql.MaxDepthExceeded');
  });

  it('takes names of the request for nothing but names', async () => {
    const { flow, fault } = await run('{ __proto__ { constructor } hasOwnProperty: b }');
    expect(fault).to.equal(undefined);
    expect(flow.variables.get('graphql.operation.selectionSet.1.name')).to.equal('__proto__');
    expect(flow.variables.get('graphql.operation.selectionSet.2.alias')).to.equal('hasOwnProperty');
    expect(Object.keys(Object.prototype)).to.deep.equal([]);
  });
});

function doubling(selection: string): string {
  const fragments = repeated(
    40,
    (at) =>
      `fragment f${at} on A { ...f${at + 1} ...g${at} } fragment g${at} on A { ...f${at + 1} }`,
  );
  return `{ a { ...f0 } } ${fragments} fragment f40 on A { ${selection} }`;
}
