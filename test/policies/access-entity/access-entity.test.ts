import { expect } from 'chai';
import { flowValueText } from '../../../lib/message/flow-value.ts';
import {
  checkPolicy,
  createRuntime,
  Fault,
  parsePolicy,
  type Entities,
  type Entity,
  type EntityQuery,
  type Flow,
  type RuntimeOptions,
} from '../../../lib/index.ts';

const byKey = `<AccessEntity name="AE"><EntityType value="app"/>
  <EntityIdentifier ref="client_id" type="consumerkey"/></AccessEntity>`;

const app1: Entity = {
  appId: 'a1',
  name: 'app <1> & co',
  attributes: [{ name: 'tier', value: 'gold' }],
  credentials: [
    { consumerKey: 'KEY1', consumerSecret: 's3cret', apiProducts: [{ apiproduct: 'p' }] },
  ],
  scopes: ['read', 'write'],
};

const entities: Entities = {
  find: ({ type, identifier }) =>
    type === 'app' && identifier.type === 'consumerkey' && identifier.value === 'KEY1'
      ? app1
      : undefined,
};

async function run(
  policies: readonly string[],
  variables: Readonly<Record<string, unknown>>,
  options: RuntimeOptions = { entities },
): Promise<{ flow: Flow; fault: Fault | undefined }> {
  const runtime = createRuntime(options);
  const flow = runtime.newFlow({ variables });
  let fault: Fault | undefined;
  try {
    for (const xml of policies) await runtime.compile(parsePolicy(xml)).run(flow);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    fault = error;
  }
  await runtime.close();
  return { flow, fault };
}

describe('AccessEntity', () => {
  it('security 199: gives the profile of an app as XML, whose secret an XPath finds', async () => {
    const extract = `<ExtractVariables name="EV"><Source>AccessEntity.AE</Source><XMLPayload>
      <Variable name="secret"><XPath>/App/Credentials/Credential[1]/ConsumerSecret/text()</XPath></Variable>
      <Variable name="tier"><XPath>/App/Attributes/Attribute[Name='tier']/Value</XPath></Variable>
      <Variable name="name"><XPath>/App/Name</XPath></Variable></XMLPayload></ExtractVariables>`;
    const { flow } = await run([byKey, extract], { client_id: 'KEY1' });
    expect(flow.variables.get('secret')).to.equal('s3cret');
    expect(flow.variables.get('tier')).to.equal('gold');
    expect(flow.variables.get('name')).to.equal('app <1> & co');
    expect(flow.variables.get('AccessEntity.AE')).to.contain(
      '<Scopes><Scope>read</Scope><Scope>write</Scope></Scopes>',
    );
  });

  it('security 200: leaves the variable null for a key that nobody has, without a fault', async () => {
    const { flow, fault } = await run([byKey], { client_id: 'nobody', 'AccessEntity.AE': 'old' });
    expect(flow.variables.get('AccessEntity.AE')).to.equal(null);
    expect(fault).to.equal(undefined);
  });

  it('asks nobody without an identifier', async () => {
    const asked: EntityQuery[] = [];
    const { flow } = await run(
      [byKey],
      {},
      {
        entities: {
          find(query) {
            asked.push(query);
            return app1;
          },
        },
      },
    );
    expect(asked).to.be.empty;
    expect(flow.variables.get('AccessEntity.AE')).to.equal(null);
  });

  it('gives JSON where that is wanted, and hands both identifiers on', async () => {
    const asked: EntityQuery[] = [];
    const xml = `<AccessEntity name="AE"><EntityType value="app"/><EntityIdentifier ref="n" type="appname"/>
      <SecondaryIdentifier ref="m" type="developeremail"/><OutputFormat>JSON</OutputFormat></AccessEntity>`;
    const { flow } = await run(
      [xml],
      { n: 'a', m: 'd@e' },
      {
        entities: {
          find(query) {
            asked.push(query);
            return Promise.resolve(app1);
          },
        },
      },
    );
    expect(asked).to.deep.equal([
      {
        type: 'app',
        identifier: { type: 'appname', value: 'a' },
        secondary: { type: 'developeremail', value: 'd@e' },
      },
    ]);
    expect(JSON.parse(flowValueText(flow.variables.get('AccessEntity.AE')))).to.deep.equal(app1);
  });

  it('finds nothing unless the host gives entities', async () => {
    const { flow, fault } = await run([byKey], { client_id: 'KEY1' }, {});
    expect(flow.variables.get('AccessEntity.AE')).to.equal(null);
    expect(fault).to.equal(undefined);
  });

  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const hostile: Readonly<Record<string, Entity>> = {
    'names that are no XML': { 'a b': 1, '<x>': 1, ok: 'y' },
    'control characters': { ok: 'y\u0000\u0001' },
    'a circle': { ok: 'y', circular },
  };
  for (const [what, entity] of Object.entries(hostile)) {
    it(`writes XML that can be read from ${what}`, async () => {
      const extract = `<ExtractVariables name="EV"><Source>AccessEntity.AE</Source><XMLPayload>
        <Variable name="ok"><XPath>/App/Ok</XPath></Variable></XMLPayload></ExtractVariables>`;
      const { flow } = await run(
        [byKey, extract],
        { client_id: 'x' },
        {
          entities: { find: () => entity },
        },
      );
      expect(flow.variables.get('ok')).to.equal('y');
    });
  }

  it('fails when the store does', async () => {
    const { fault } = await run(
      [byKey],
      { client_id: 'x' },
      {
        entities: { find: () => Promise.reject(new Error('down')) },
      },
    );
    expect(fault?.code).to.equal('steps.accessentity.ExecutionFailed');
  });

  const findings: Readonly<Record<string, readonly string[]>> = {
    '<EntityIdentifier ref="a" type="b"/>': ['missing-entity-type'],
    '<EntityType value="app"/>': ['missing-identifier'],
    '<EntityType value="ship"/><EntityIdentifier ref="a" type="b"/>': ['unknown-entity-type'],
    '<EntityType value="app"/><EntityIdentifier ref="a" type="appname"/><SecondaryIdentifier ref="b"/>':
      ['incomplete-identifier'],
  };
  for (const [children, codes] of Object.entries(findings)) {
    it(`is checked when it is deployed: ${children}`, () => {
      const found = checkPolicy(`<AccessEntity name="AE">${children}</AccessEntity>`);
      expect(found.map(({ code }) => code)).to.deep.equal(codes);
    });
  }
});
