import { expect } from 'chai';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { inFolder } from '../../bundle/folder.ts';
import { sendRequest } from '../../support/client.ts';
import { redisIsMissing, startRedis, type RedisServer } from '../../support/redis-server.ts';

const policies = {
  Q: `<Quota name="Q" type="flexi"><Identifier ref="request.header.k"/><Allow count="25"/>
    <Interval>1</Interval><TimeUnit>day</TimeUnit><Distributed>true</Distributed>
    <Synchronous>true</Synchronous></Quota>`,
  SA: `<SpikeArrest name="SA"><Identifier ref="request.header.k"/><Rate>1pm</Rate>
    <UseEffectiveCount>true</UseEffectiveCount></SpikeArrest>`,
};

const flow = (name: string): string =>
  `<Flow name="${name}"><Condition>proxy.pathsuffix = "/${name}"</Condition>
    <Request><Step><Name>${name}</Name></Step></Request></Flow>`;

const bundle = {
  'apiproxy/p.xml': '<APIProxy name="p" revision="1"/>',
  'apiproxy/proxies/default.xml': `<ProxyEndpoint name="default"><Flows>${flow('Q')}${flow('SA')}</Flows>
    <HTTPProxyConnection><BasePath>/b</BasePath></HTTPProxyConnection><RouteRule name="none"/></ProxyEndpoint>`,
  ...Object.fromEntries(
    Object.entries(policies).map(([name, text]) => [`apiproxy/policies/${name}.xml`, text]),
  ),
};

interface GatewayProcess {
  readonly port: number;
  stop(): Promise<void>;
}

async function startGateway(folder: string, store: string): Promise<GatewayProcess> {
  const file = fileURLToPath(new URL('gateway-process.ts', import.meta.url));
  const child: ChildProcess = fork(file, [folder, store], { execArgv: ['--import', 'tsx'] });
  const [port] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error('The gateway did not start.');
    }),
  ])) as [number];
  return {
    port,
    async stop() {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

/** How many of many requests at once, spread over gateways, are let through. */
async function letThrough(
  gateways: readonly GatewayProcess[],
  path: string,
  key: string,
): Promise<number> {
  const responses = await Promise.all(
    Array.from({ length: 80 }, async (_, at) =>
      sendRequest(gateways[at % gateways.length]?.port ?? 0, {
        method: 'GET',
        target: path,
        headers: [
          ['Host', 'gateway.test'],
          ['k', key],
        ],
        body: new Uint8Array(),
      }),
    ),
  );
  const statuses = responses.map(({ status }) => status);
  expect(statuses.filter((status) => status !== 200 && status !== 429)).to.deep.equal([]);
  return statuses.filter((status) => status === 200).length;
}

describe('Gateways that share a store', function () {
  if (redisIsMissing !== undefined) {
    it(`let through together what a limit allows: ${redisIsMissing}`);
    return;
  }
  this.timeout(60_000);

  it('let through together what a limit allows, however many come at once', async () => {
    await inFolder(bundle, async (folder) => {
      const redis: RedisServer = await startRedis();
      const gateways: GatewayProcess[] = [];
      try {
        const start = async (): Promise<GatewayProcess> => startGateway(folder, redis.url);
        gateways.push(...(await Promise.all([start(), start()])));
        expect(await letThrough(gateways, '/b/Q', 'a')).to.equal(25);
        expect(await letThrough(gateways, '/b/Q', 'a')).to.equal(0);
        expect(await letThrough(gateways, '/b/Q', 'b'), 'another identifier').to.equal(25);
        expect(await letThrough(gateways, '/b/SA', 'a')).to.equal(1);

        await gateways.pop()?.stop();
        gateways.push(await start());
        expect(await letThrough(gateways, '/b/Q', 'b'), 'after a new start').to.equal(0);
      } finally {
        await Promise.all(gateways.map(async (gateway) => gateway.stop()));
        await redis.stop();
      }
    });
  });
});
