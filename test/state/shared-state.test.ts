import { expect } from 'chai';
import {
  createGateway,
  createRedisState,
  emptyEnvironment,
  Fault,
  loadBundle,
  createRuntime,
  parsePolicy,
  systemClock,
  type Gateway,
} from '../../lib/index.ts';
import { silentLog } from '../../lib/host/log.ts';
import { bundleFiles } from '../cases/runtime/bundle-files.ts';
import { inFolder } from '../bundle/folder.ts';
import { redisIsMissing, startRedis, type RedisServer } from '../support/redis-server.ts';

/** Puts `?put=` into a map, and answers with what the map holds. */
const proxy = `
<PreFlow><Request>
  <Step><Name>Put</Name><Condition>request.queryparam.put != null</Condition></Step>
  <Step><Name>Get</Name></Step>
</Request></PreFlow>
<PostFlow><Response><Step><Name>Answer</Name></Step></Response></PostFlow>
<RouteRule name="none"/>`;

const policies = {
  Put: '<KeyValueMapOperations name="Put" mapIdentifier="m"><Put override="true"><Key><Parameter>k</Parameter></Key><Value ref="request.queryparam.put"/></Put></KeyValueMapOperations>',
  Get: '<KeyValueMapOperations name="Get" mapIdentifier="m"><Get assignTo="v"><Key><Parameter>k</Parameter></Key></Get><Get assignTo="w"><Key><Parameter>seeded</Parameter></Key></Get></KeyValueMapOperations>',
  Answer:
    '<AssignMessage name="Answer"><Set><Payload contentType="text/plain">{v} {w}</Payload></Set><IgnoreUnresolvedVariables>true</IgnoreUnresolvedVariables></AssignMessage>',
};

async function openGateway(url: string): Promise<Gateway> {
  const bundle = await inFolder(bundleFiles('p', { proxy, policies }), (folder) =>
    loadBundle(folder),
  );
  return createGateway({
    bundles: [bundle],
    stores: createRedisState(url, { log: silentLog, clock: systemClock }),
    environment: {
      ...emptyEnvironment,
      keyValueMaps: [
        {
          scope: 'environment',
          name: 'm',
          entries: new Map([
            ['k', ['of the environment']],
            ['seeded', ['w']],
          ]),
        },
      ],
    },
  });
}

async function answer(gateway: Gateway, path: string): Promise<string> {
  const response = await gateway.handle(new Request(`http://gateway.test${path}`));
  return response.text();
}

describe('gateways that share a Redis', () => {
  if (redisIsMissing !== undefined) {
    it(`are tried where there is one: ${redisIsMissing}`);
    return;
  }
  let server: RedisServer;
  before(async () => {
    server = await startRedis();
  });
  after(async () => {
    await server.stop();
  });

  it('see what the other put, and what was put survives them', async () => {
    const one = await openGateway(server.url);
    const other = await openGateway(server.url);
    try {
      expect(await answer(one, '/b')).to.equal('of the environment w');
      expect(await answer(one, '/b?put=1')).to.equal('1 w');
      expect(await answer(other, '/b')).to.equal('1 w');
      await one.close();
      await other.close();
      const later = await openGateway(server.url);
      try {
        expect(await answer(later, '/b')).to.equal('1 w');
      } finally {
        await later.close();
      }
    } finally {
      await one.close();
      await other.close();
    }
  });
});

describe('KeyValueMapOperations', () => {
  it('cannot be led to another map or entry by what a client sends', async () => {
    const runtime = createRuntime({
      environment: {
        ...emptyEnvironment,
        keyValueMaps: [
          { scope: 'environment', name: 'secrets', entries: new Map([['a__b', ['secret']]]) },
        ],
      },
    });
    const policy = runtime.compile(
      parsePolicy(
        '<KeyValueMapOperations name="K" mapIdentifier="public"><Get assignTo="v"><Key><Parameter ref="k"/></Key></Get></KeyValueMapOperations>',
      ),
    );
    for (const k of [
      'secrets","a__b',
      '../secrets/a__b',
      '"],["secrets","a__b',
      '\0a__b',
      '__proto__',
    ]) {
      const flow = runtime.newFlow({ variables: { k } });
      await policy.run(flow);
      expect(flow.variables.get('v'), k).to.equal(null);
    }
    await runtime.close();
  });

  it('refuses entries beyond its bounds, and finds none there', async () => {
    const runtime = createRuntime();
    const policy = runtime.compile(
      parsePolicy(
        '<KeyValueMapOperations name="K"><Put><Key><Parameter ref="k"/></Key><Value ref="v"/></Put></KeyValueMapOperations>',
      ),
    );
    const get = runtime.compile(
      parsePolicy(
        '<KeyValueMapOperations name="G"><Get assignTo="found"><Key><Parameter ref="k"/></Key></Get><Delete><Key><Parameter ref="k"/></Key></Delete></KeyValueMapOperations>',
      ),
    );
    for (const variables of [
      { k: 'k'.repeat(1024 ** 2), v: 'v' },
      { k: 'k', v: 'v'.repeat(512 * 1024 + 1) },
    ]) {
      const flow = runtime.newFlow({ variables });
      let error: unknown;
      try {
        await policy.run(flow);
      } catch (thrown) {
        error = thrown;
      }
      if (!(error instanceof Fault)) throw new Error('It was put');
      expect(error.code).to.equal('steps.keyvaluemapoperations.EntryTooLarge');
      const reader = runtime.newFlow({ variables });
      await get.run(reader);
      expect(reader.variables.get('found')).to.equal(null);
    }
    await runtime.close();
  });
});
