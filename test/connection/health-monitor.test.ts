import { expect } from 'chai';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { compileHealthMonitor, type Watch } from '../../lib/connection/health-monitor.ts';
import { healthMonitor } from '../../lib/connection/grammar/health-monitor.ts';
import type { LoadBalancer } from '../../lib/connection/load-balancer.ts';
import type { Transport } from '../../lib/connection/transport.ts';
import { createUndiciTransport } from '../../lib/connection/undici-transport.ts';
import type { Diagnostic } from '../../lib/diagnostic/diagnostic.ts';
import {
  emptyEnvironment,
  type Environment,
  type TargetServer,
} from '../../lib/host/environment.ts';
import { silentLog } from '../../lib/host/log.ts';
import { readElement } from '../../lib/xml/grammar/read-element.ts';
import { readXml } from '../../lib/xml/read.ts';
import { ManualClock } from './wire/manual-clock.ts';
import { always, RawServer, type Reply } from './wire/raw-server.ts';

const seconds = 1_000;
const pem = (name: string): string =>
  readFileSync(new URL(`../../fixtures/certificates/${name}.pem`, import.meta.url), 'utf8');

const environment: Environment = {
  ...emptyEnvironment,
  organization: 'acme',
  name: 'prod',
  stores: new Map([
    ['trusted', { name: 'trusted', aliases: new Map(), certificates: [pem('ca')] }],
    [
      'own',
      {
        name: 'own',
        aliases: new Map([['me', { key: pem('client.key'), certificate: pem('client') }]]),
        certificates: [],
      },
    ],
  ]),
};

const serverTls = {
  enabled: true,
  enforce: false,
  clientAuthEnabled: true,
  keyStore: 'own',
  keyAlias: 'me',
  trustStore: 'trusted',
  ignoreValidationErrors: false,
  ciphers: [],
  protocols: [],
  commonNameWildcard: false,
};

/** One monitor of one server, with a clock that moves only when told to. */
class Monitored {
  readonly clock = new ManualClock();
  readonly transport: Transport = createUndiciTransport({ clock: this.clock });
  readonly diagnostics: Diagnostic[] = [];
  readonly found: string[] = [];
  readonly log: string[] = [];
  readonly watch: Watch | undefined;
  readonly #results = new EventEmitter();

  constructor(xml: string, port: number, given: Partial<TargetServer> = {}, maxFailures = 5) {
    const server = { host: '127.0.0.1', isEnabled: true, protocol: 'HTTP', name: 'a', port };
    const balancer: LoadBalancer = {
      servers: [{ ...server, ...given }],
      pick: () => undefined,
      report: (_server, result) => {
        this.found.push(result);
        this.#results.emit('result');
      },
    };
    const root = readXml(`<HealthMonitor>${xml}</HealthMonitor>`, {
      file: 'monitor.xml',
      report: () => undefined,
    });
    if (root === undefined) throw new Error('The monitor is not XML.');
    this.watch = compileHealthMonitor(
      readElement(root, healthMonitor, () => undefined),
      maxFailures,
      { environment, transport: this.transport, proxy: undefined },
      (diagnostic) => this.diagnostics.push(diagnostic),
    )?.watch(balancer, {
      clock: this.clock,
      random: { uuid: () => 'u-u-i-d', bytes: () => new Uint8Array() },
      log: { ...silentLog, warn: (_details, message) => this.log.push(message) },
    });
  }

  /** Lets an interval pass, and waits for what the probe finds. */
  async probe(interval = 10 * seconds): Promise<string | undefined> {
    const result = once(this.#results, 'result');
    this.clock.advance(interval);
    await result;
    return this.found.at(-1);
  }

  async close(): Promise<void> {
    this.watch?.stop();
    await this.transport.close();
  }
}

async function probed(xml: string, port: number, given?: Partial<TargetServer>) {
  const monitored = new Monitored(xml, port, given);
  const result = await monitored.probe();
  await monitored.close();
  return result;
}

const on = '<IsEnabled>true</IsEnabled><IntervalInSec>10</IntervalInSec>';
const http = (request: string, success = '') =>
  `${on}<HTTPMonitor><Request>${request}</Request>${success}</HTTPMonitor>`;
const tcp = `${on}<TCPMonitor><ConnectTimeoutInSec>10</ConnectTimeoutInSec></TCPMonitor>`;

describe('health monitor', () => {
  let server: RawServer | undefined;
  const serve = async (reply: Reply): Promise<RawServer> => (server = await RawServer.start(reply));
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  it('connects to the server, and no more, as a TCPMonitor', async () => {
    const { port } = await serve(always(''));
    expect(await probed(tcp, port)).to.equal('success');
    expect(server?.connections).to.equal(1);
    expect(server?.requests).to.deep.equal([]);
  });

  it('finds a server failing that refuses the connection', async () => {
    expect(await probed(tcp, 1)).to.equal('failure');
    expect(await probed(http('<Verb>GET</Verb>'), 1)).to.equal('failure');
  });

  it("probes the monitor's own port instead of the server's", async () => {
    const { port } = await serve(always('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
    const own = `<Port>${port}</Port>`;
    expect(await probed(`${on}<TCPMonitor>${own}</TCPMonitor>`, 1)).to.equal('success');
    expect(await probed(http(own), 1)).to.equal('success');
  });

  it('sends verb, path, headers and payload as they are written', async () => {
    const { port } = await serve(always('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
    const request = `<Verb>POST</Verb><Path>/health?deep=1</Path><Payload>&lt;ping/></Payload>
      <Header name="Host">probe.test</Header><Header name="ApiKey">abc</Header>
      <IncludeHealthCheckIdHeader>true</IncludeHealthCheckIdHeader>`;
    expect(await probed(http(request), port)).to.equal('success');
    const lines = server?.requests[0]?.split('\r\n') ?? [];
    expect(lines[0]).to.equal('POST /health?deep=1 HTTP/1.1');
    expect(lines).to.include('host: probe.test');
    expect(lines).to.include('ApiKey: abc');
    expect(lines).to.include('X-Apigee-Healthcheck-Id: acme/prod/u-u-i-d/1010000');
    expect(lines.at(-1)).to.equal('<ping/>');
  });

  it('names the server in Host, and sends no identification, unless told to', async () => {
    const { port } = await serve(always('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
    await probed(http(''), port);
    expect(server?.requests[0]).to.match(/^GET \/ HTTP\/1\.1\r\n/);
    expect(server?.requests[0]).to.include(`host: 127.0.0.1:${port}\r\n`);
    expect(server?.requests[0]).not.to.match(/healthcheck/i);
  });

  const success = (inside: string) => `<SuccessResponse>${inside}</SuccessResponse>`;
  const code = (value: number) => `<ResponseCode>${value}</ResponseCode>`;
  const answers: [title: string, success: string, result: string][] = [
    ['any answer without SuccessResponse', '', 'success'],
    ['a listed code', success(code(200) + code(503)), 'success'],
    ['a code that is not listed', success(code(200)), 'failure'],
    ['a header that is there', success('<Header name="imok">YourOK</Header>'), 'success'],
    ['a header with another value', success('<Header name="ImOK">Fine</Header>'), 'failure'],
    ['a header that is missing', success('<Header name="Alive">yes</Header>'), 'failure'],
    [
      'the code without the header',
      success(`${code(503)}<Header name="Alive">yes</Header>`),
      'failure',
    ],
  ];
  for (const [title, expected, result] of answers) {
    it(`takes ${title} for a ${result}`, async () => {
      const answer = 'HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nImOK: YourOK\r\n\r\n';
      const { port } = await serve(always(answer));
      expect(await probed(http('', expected), port)).to.equal(result);
    });
  }

  const slow: [title: string, timeout: string, passes: number][] = [
    [
      'the seconds of SocketReadTimeoutInSec',
      '<SocketReadTimeoutInSec>2</SocketReadTimeoutInSec>',
      2,
    ],
    [
      '30 seconds for SocketReadTimeoutInSec 0',
      '<SocketReadTimeoutInSec>0</SocketReadTimeoutInSec>',
      30,
    ],
    ['30 seconds without SocketReadTimeoutInSec', '', 30],
  ];
  for (const [title, timeout, passes] of slow) {
    it(`waits for an answer ${title}`, async () => {
      const asked = new EventEmitter();
      const { port } = await serve(() => asked.emit('request'));
      const monitored = new Monitored(http(timeout), port);
      const request = once(asked, 'request');
      monitored.clock.advance(10 * seconds);
      await request;
      monitored.clock.advance(passes * seconds - 100);
      expect(monitored.found).to.deep.equal([]);
      expect(await monitored.probe(200)).to.equal('failure');
      await monitored.close();
      await server?.abandoned();
    });
  }

  it('probes one interval after the last probe has ended, and tells of changes only', async () => {
    let status = 200;
    const { port } = await serve((socket) => {
      socket.write(`HTTP/1.1 ${status} X\r\nContent-Length: 0\r\n\r\n`);
    });
    const monitored = new Monitored(http('', success(code(200))), port);
    monitored.clock.advance(9 * seconds);
    expect(await monitored.probe(1 * seconds)).to.equal('success');
    status = 500;
    expect(await monitored.probe()).to.equal('failure');
    expect(await monitored.probe()).to.equal('failure');
    status = 200;
    expect(await monitored.probe()).to.equal('success');
    expect(server?.requests).to.have.length(4);
    expect(monitored.log).to.deep.equal([
      'A target server fails its health check',
      'A target server passes its health checks again',
    ]);
    await monitored.close();
  });

  it('leaves no timer and no connection behind when it is stopped', async () => {
    const asked = new EventEmitter();
    const { port } = await serve(() => asked.emit('request'));
    const monitored = new Monitored(http(''), port);
    const request = once(asked, 'request');
    monitored.clock.advance(10 * seconds);
    await request;
    monitored.watch?.stop();
    await server?.abandoned();
    await monitored.transport.close();
    expect(monitored.clock.timers).to.equal(0);
    expect(monitored.found).to.deep.equal([]);
  });

  const withoutEffect: [
    title: string,
    xml: string,
    maxFailures: number,
    code: string | undefined,
  ][] = [
    ['is not enabled', tcp.replace('true', 'false'), 5, undefined],
    ['has a balancer that removes nobody', tcp, 0, undefined],
    ['has no interval', tcp.replace('10', '0'), 5, 'health-monitor-without-interval'],
    ['does not say how to probe', on, 5, 'health-monitor-without-probe'],
  ];
  for (const [title, xml, maxFailures, finding] of withoutEffect) {
    it(`does not run when it ${title}`, () => {
      const monitored = new Monitored(xml, 1, {}, maxFailures);
      expect(monitored.watch).to.equal(undefined);
      expect(monitored.diagnostics.map(({ code: found }) => found)).to.deep.equal(
        finding === undefined ? [] : [finding],
      );
    });
  }

  describe('over TLS', () => {
    const ssl = '<IsSSL>true</IsSSL>';
    const own = '<UseTargetServerSSLInfo>true</UseTargetServerSSLInfo>';
    const trusting = '<TrustAllSSL>true</TrustAllSSL>';
    const demanding = { requestCert: true, ca: pem('ca') };
    const handshakes: [
      title: string,
      request: string,
      tls: boolean,
      demands: object,
      result: string,
    ][] = [
      ['verifies the certificate', ssl, false, {}, 'failure'],
      ['accepts any certificate with TrustAllSSL', ssl + trusting, false, {}, 'success'],
      ["uses the target server's stores when told to", ssl + own, true, demanding, 'success'],
      ["leaves the target server's stores alone", ssl + trusting, true, demanding, 'failure'],
      ['speaks as the target server does without IsSSL', '', true, demanding, 'success'],
      ['speaks plainly with IsSSL false', '<IsSSL>false</IsSSL>', true, {}, 'failure'],
    ];
    for (const [title, request, hasTls, demands, result] of handshakes) {
      it(title, async () => {
        const secure = createTlsServer(
          { cert: pem('server'), key: pem('server.key'), ...demands },
          (_request, response) => {
            response.end();
          },
        );
        secure.on('tlsClientError', () => undefined);
        await once(secure.listen(0, '127.0.0.1'), 'listening');
        const { port } = secure.address() as AddressInfo;
        const given = hasTls ? { tls: serverTls } : {};
        expect(await probed(http(request), port, given)).to.equal(result);
        secure.closeAllConnections();
        secure.close();
      });
    }
  });
});
