import { expect } from 'chai';
import { ManualClock } from '../connection/wire/manual-clock.ts';
import { always, ok, RawServer } from '../connection/wire/raw-server.ts';
import { clientRequest, deployed, environmentOf, proxyTo } from './deployed.ts';

const balancer = (maxFailures: number) => `<LoadBalancer><Server name="a"/><Server name="b"/>
  <MaxFailures>${maxFailures}</MaxFailures></LoadBalancer>
  <HealthMonitor><IsEnabled>true</IsEnabled><IntervalInSec>5</IntervalInSec>
    <HTTPMonitor><Request><Path>/health</Path></Request>
      <SuccessResponse><ResponseCode>200</ResponseCode></SuccessResponse></HTTPMonitor>
  </HealthMonitor>`;

/** A target that fails its health checks while it is said to be ill. */
class Target {
  isIll = false;
  calls = 0;
  probes = 0;
  #probed: () => void = () => undefined;

  static async start(): Promise<{ readonly target: Target; readonly server: RawServer }> {
    const target = new Target();
    const server = await RawServer.start((socket, request) => {
      if (!request.startsWith('GET /health')) {
        target.calls += 1;
        socket.write(ok);
        return;
      }
      target.probes += 1;
      socket.end(
        target.isIll ? 'HTTP/1.1 500 Ill\r\nContent-Length: 0\r\n\r\n' : ok,
        () => undefined,
      );
      socket.once('close', () => {
        target.#probed();
      });
    });
    return { target, server };
  }

  probed(): Promise<void> {
    return new Promise((resolve) => {
      this.#probed = resolve;
    });
  }
}

describe('target servers with a health monitor', () => {
  it('runtime 181: leave the rotation with their failures, and return when a probe succeeds', async () => {
    const [a, b] = [await Target.start(), await Target.start()];
    const clock = new ManualClock();
    const environment = environmentOf({ a: { port: a.server.port }, b: { port: b.server.port } });
    const { deployment, diagnostics, close } = await deployed(
      { shop: proxyTo(balancer(2)) },
      { clock, environment },
    );
    expect(diagnostics).to.deep.equal([]);
    const interval = async () => {
      const both = Promise.all([a.target.probed(), b.target.probed()]);
      clock.advance(5_000);
      await both;
      // The probe's end is known to the balancer once its response has been read.
      await settled();
    };
    const callFour = async () => {
      [a.target.calls, b.target.calls] = [0, 0];
      for (let call = 0; call < 4; call += 1) await deployment.handle(clientRequest());
      return [a.target.calls, b.target.calls];
    };
    deployment.start();
    a.target.isIll = true;
    await interval();
    expect(await callFour()).to.deep.equal([2, 2]);
    await interval();
    await interval();
    expect(await callFour()).to.deep.equal([0, 4]);
    a.target.isIll = false;
    await interval();
    expect(await callFour()).to.deep.equal([2, 2]);
    await close();
    const { probes } = a.target;
    clock.advance(60_000);
    expect(a.target.probes).to.equal(probes);
    expect(clock.timers).to.equal(0);
    await Promise.all([a.server.close(), b.server.close()]);
  });

  it('are not probed before the deployment starts, nor by a callout', async () => {
    const target = await RawServer.start(always(ok));
    const clock = new ManualClock();
    const environment = environmentOf({
      a: { port: target.port },
      b: { port: target.port },
    });
    const { deployment, close } = await deployed(
      {
        shop: proxyTo(balancer(2), {
          proxy: '<PreFlow><Request><Step><Name>SC-1</Name></Step></Request></PreFlow>',
          policies: {
            'policies/SC-1.xml': `<ServiceCallout name="SC-1"><Response>r</Response>
              <HTTPTargetConnection>${balancer(2)}</HTTPTargetConnection></ServiceCallout>`,
          },
        }),
      },
      { clock, environment },
    );
    clock.advance(60_000);
    expect(clock.timers).to.equal(0);
    deployment.start();
    // One for each server of the target endpoint.
    expect(clock.timers).to.equal(2);
    await close();
    expect(target.connections).to.equal(0);
    await target.close();
  });
});

/** Lets everything run that sockets of this machine have ready. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
