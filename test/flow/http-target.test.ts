import { expect } from 'chai';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket, type PeerCertificate } from 'node:tls';
import type { TargetServerTls } from '../../lib/host/environment.ts';
import type { ClientRequest, ClientResponse } from '../../lib/flow/client-request.ts';
import { always, ok, RawServer } from '../connection/wire/raw-server.ts';
import { clientRequest, deployed, environmentOf, proxyTo, type ProxyFiles } from './deployed.ts';

const pem = (name: string): string =>
  readFileSync(new URL(`../../fixtures/certificates/${name}.pem`, import.meta.url), 'utf8');

/** Shows variables as headers of the response, from the target's response flow or from its fault rules. */
function showing(...variables: readonly string[]) {
  const headers = variables.map((name) => `<Header name="${name}">{${name}}</Header>`).join('');
  return {
    target: `<PreFlow><Response><Step><Name>AM-Show</Name></Step></Response></PreFlow>
      <DefaultFaultRule name="all"><Step><Name>AM-Show</Name></Step></DefaultFaultRule>`,
    policies: {
      'policies/AM-Show.xml': `<AssignMessage name="AM-Show"><Set><Headers>${headers}</Headers></Set>
        <IgnoreUnresolvedVariables>true</IgnoreUnresolvedVariables></AssignMessage>`,
    },
  };
}

const plainEnvironment = environmentOf({});

async function answer(
  proxy: ProxyFiles,
  request: Partial<ClientRequest> = {},
  environment = plainEnvironment,
): Promise<ClientResponse> {
  const { deployment, close } = await deployed({ shop: proxy }, { environment });
  try {
    const handled = await deployment.handle(clientRequest(request));
    if (handled === undefined) throw new Error('No proxy has this path.');
    return handled.response;
  } finally {
    await close();
  }
}

const shown = ({ headers }: ClientResponse, name: string) =>
  headers.find(([line]) => line === name)?.[1];
const bodyOf = ({ body }: ClientResponse): string =>
  body instanceof Uint8Array ? Buffer.from(body).toString() : 'a stream';

describe('an HTTP target', () => {
  let target: RawServer;
  before(async () => {
    target = await RawServer.start(always(ok));
  });
  after(() => target.close());

  describe('of load-balanced servers', () => {
    const balancer = (...names: readonly string[]) =>
      `<LoadBalancer>${names.map((name) => `<Server name="${name}"/>`).join('')}
        <ServerUnhealthyResponse><ResponseCode>503</ResponseCode></ServerUnhealthyResponse>
      </LoadBalancer>`;
    const variables = ['loadbalancing.targetserver', 'loadbalancing.failedservers'];

    it('runtime 177: names the server that refused, and the one that answered', async () => {
      const environment = environmentOf({ t1: { port: 1 }, t2: { port: target.port } });
      const proxy = proxyTo(balancer('t1', 't2'), showing(...variables));
      const response = await answer(proxy, {}, environment);
      expect(response.status).to.equal(200);
      expect(shown(response, 'loadbalancing.failedservers')).to.equal('[t1]');
      expect(shown(response, 'loadbalancing.targetserver')).to.equal('t2');
    });

    it('runtime 180: names a server whose answer is listed as unhealthy', async () => {
      const ill = await RawServer.start(always('HTTP/1.1 503 Ill\r\nContent-Length: 0\r\n\r\n'));
      const environment = environmentOf({ t1: { port: ill.port }, t2: { port: target.port } });
      const response = await answer(
        proxyTo(balancer('t1', 't2'), showing(...variables)),
        {},
        environment,
      );
      expect(shown(response, 'loadbalancing.failedservers')).to.equal('[t1]');
      await ill.close();
    });

    it('names nobody when the first server answers', async () => {
      const environment = environmentOf({ t1: { port: target.port }, t2: { port: 1 } });
      const response = await answer(
        proxyTo(balancer('t1', 't2'), showing(...variables)),
        {},
        environment,
      );
      expect(shown(response, 'loadbalancing.failedservers')).to.equal('[]');
    });

    it('names all of them to fault rules when all refuse', async () => {
      const environment = environmentOf({ t1: { port: 1 }, t2: { port: 1 } });
      const response = await answer(
        proxyTo(balancer('t1', 't2'), showing(...variables)),
        {},
        environment,
      );
      expect(response.status).to.equal(503);
      expect(shown(response, 'loadbalancing.failedservers')).to.equal('[t1, t2]');
    });
  });

  describe('of load-balanced servers, with streaming', () => {
    const streaming = ['request', 'response']
      .map((way) => `<Property name="${way}.streaming.enabled">true</Property>`)
      .join('');
    const connection = `<LoadBalancer><Server name="t1"/><Server name="t2"/>
      <ServerUnhealthyResponse><ResponseCode>503</ResponseCode></ServerUnhealthyResponse>
      </LoadBalancer><Properties>${streaming}</Properties>`;
    const proxy = () =>
      proxyTo(connection, {
        ...showing('loadbalancing.failedservers'),
        proxyProperties: streaming,
      });
    // eslint-disable-next-line @typescript-eslint/require-await -- It has to be asynchronous.
    async function* payload(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('payload');
    }
    const upload = () => ({
      method: 'POST',
      headers: [['Transfer-Encoding', 'chunked']] as const,
      body: payload(),
    });
    const textOf = async ({ body }: ClientResponse): Promise<string> => {
      if (body instanceof Uint8Array) throw new Error('The body was not streamed.');
      let text = '';
      for await (const part of body) text += Buffer.from(part).toString();
      return text;
    };
    const used = async (
      ports: readonly [number, number],
      request: Partial<ClientRequest>,
      check: (response: ClientResponse) => Promise<void>,
    ): Promise<void> => {
      const environment = environmentOf({ t1: { port: ports[0] }, t2: { port: ports[1] } });
      const { deployment, close } = await deployed({ shop: proxy() }, { environment });
      const handled = await deployment.handle(clientRequest(request));
      if (handled === undefined) throw new Error('No proxy has this path.');
      await check(handled.response);
      await close();
    };

    it('sends a body that nobody has read yet to the next server', async () => {
      const server = createHttpServer((request, response) => request.pipe(response));
      await once(server.listen(0, '127.0.0.1'), 'listening');
      await used([1, (server.address() as AddressInfo).port], upload(), async (response) => {
        expect(shown(response, 'loadbalancing.failedservers')).to.equal('[t1]');
        expect(await textOf(response)).to.equal('payload');
      });
      server.closeAllConnections();
      server.close();
    });

    it('does not send a body twice', async () => {
      const server = createHttpServer((request, response) => {
        request.resume().on('end', () => response.writeHead(503).end('ill'));
      });
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const { port } = server.address() as AddressInfo;
      await used([port, target.port], upload(), (response) => {
        expect(response.status).to.equal(503);
        return Promise.resolve();
      });
      server.closeAllConnections();
      server.close();
    });

    it('drops the response of a server that is listed as unhealthy', async () => {
      const ill = await RawServer.start(always('HTTP/1.1 503 Ill\r\nContent-Length: 100\r\n\r\n'));
      await used([ill.port, target.port], {}, async (response) => {
        expect(await textOf(response)).to.equal('ok');
        await ill.abandoned();
      });
      await ill.close();
    });
  });

  describe('that needs the length of a body', () => {
    const url = (properties = '') =>
      proxyTo(`<URL>http://127.0.0.1:${target.port}</URL><Properties>${properties}</Properties>`);
    const allow = (method: string) =>
      `<Property name="allow.${method}.without.content.length">true</Property>`;
    const requests: [
      title: string,
      request: Partial<ClientRequest>,
      properties: string,
      status: number,
    ][] = [
      ['refuses a POST without one', { method: 'POST' }, '', 411],
      ['refuses a PUT without one', { method: 'PUT' }, '', 411],
      [
        'lets a POST of length 0 pass',
        { method: 'POST', headers: [['content-length', '0']] },
        '',
        200,
      ],
      [
        'lets a chunked POST pass',
        { method: 'POST', headers: [['Transfer-Encoding', 'chunked']] },
        '',
        200,
      ],
      ['lets a POST with a body pass', { method: 'POST', body: Buffer.from('x') }, '', 200],
      ['lets a POST pass where that is allowed', { method: 'POST' }, allow('post'), 200],
      ['lets a PUT pass where that is allowed', { method: 'PUT' }, allow('put'), 200],
      ['knows POST from PUT', { method: 'PUT' }, allow('post'), 411],
      ['asks no DELETE for one', { method: 'DELETE' }, '', 200],
      ['asks no GET for one', {}, '', 200],
    ];
    for (const [title, request, properties, status] of requests) {
      it(title, async () => {
        const response = await answer(url(properties), request);
        expect(response.status).to.equal(status);
        if (status !== 411) return;
        expect(JSON.parse(bodyOf(response))).to.deep.equal({
          fault: {
            faultstring: "'Content-Length' is missing",
            detail: { errorcode: 'messaging.adaptors.http.flow.LengthRequired' },
          },
        });
      });
    }

    it('is content with a call of another proxy, which always knows it', async () => {
      const { deployment, close } = await deployed({
        outer: {
          'proxies/default.xml': `<ProxyEndpoint name="default">
            <HTTPProxyConnection><BasePath>/outer</BasePath></HTTPProxyConnection>
            <RouteRule name="only"><TargetEndpoint>inner</TargetEndpoint></RouteRule></ProxyEndpoint>`,
          'targets/inner.xml': `<TargetEndpoint name="inner"><LocalTargetConnection>
            <Path>/</Path></LocalTargetConnection></TargetEndpoint>`,
        },
        shop: url(),
      });
      const handled = await deployment.handle(clientRequest({ method: 'POST', target: '/outer' }));
      expect(handled?.response.status).to.equal(200);
      await close();
    });
  });

  it('tells the address that answered, and when', async () => {
    const variables = ['target.ip', 'target.cn', 'target.received.start.timestamp'];
    const proxy = proxyTo(`<URL>http://localhost:${target.port}</URL>`, showing(...variables));
    const response = await answer(proxy);
    expect(shown(response, 'target.ip')).to.equal('127.0.0.1');
    expect(shown(response, 'target.cn')).to.equal('');
    expect(Number(shown(response, 'target.received.start.timestamp'))).to.be.above(
      1_577_836_800_000,
    );
  });

  describe('over TLS', () => {
    const servers: Server[] = [];
    const secure = async (certificate: string): Promise<number> => {
      const server = createServer(
        {
          cert: pem(certificate),
          key: pem(`${certificate}.key`),
          ca: pem('ca'),
          requestCert: true,
          rejectUnauthorized: false,
        },
        (request, response) => {
          const { socket } = request;
          // Without a certificate there is no subject, whatever the type says.
          const certificate: Partial<PeerCertificate> =
            socket instanceof TLSSocket ? socket.getPeerCertificate() : {};
          response.end(`client=${String(certificate.subject?.CN ?? 'nobody')}`);
        },
      );
      servers.push(server);
      await once(server.listen(0, '127.0.0.1'), 'listening');
      return (server.address() as AddressInfo).port;
    };
    afterEach(() => {
      for (const server of servers.splice(0)) {
        server.closeAllConnections();
        server.close();
      }
    });
    const stores = new Map([
      [
        'trusted',
        { name: 'trusted', aliases: new Map(), certificates: [pem('ca'), pem('full-subject')] },
      ],
      [
        'own',
        {
          name: 'own',
          aliases: new Map([['me', { key: pem('client.key'), certificate: pem('client') }]]),
          certificates: [],
        },
      ],
    ]);
    const references = new Map([['own-ref', 'own']]);
    const tls: TargetServerTls = {
      enabled: true,
      enforce: true,
      clientAuthEnabled: true,
      keyStore: 'ref://own-ref',
      keyAlias: 'me',
      trustStore: 'trusted',
      ignoreValidationErrors: false,
      ciphers: [],
      protocols: [],
      commonNameWildcard: false,
    };
    const sslInfo = `<SSLInfo><Enabled>true</Enabled><ClientAuthEnabled>true</ClientAuthEnabled>
      <KeyStore>ref://own-ref</KeyStore><KeyAlias>me</KeyAlias><TrustStore>trusted</TrustStore></SSLInfo>`;

    it('shows its client certificate to a URL that asks for it', async () => {
      const port = await secure('server');
      const proxy = proxyTo(`<URL>https://localhost:${port}</URL>${sslInfo}`);
      const response = await answer(proxy, {}, environmentOf({}, { stores, references }));
      expect(bodyOf(response)).to.equal('client=callout client');
    });

    const pairs: [
      title: string,
      connection: string,
      server: TargetServerTls | undefined,
      body: string,
    ][] = [
      ["takes the target server's own TLS settings", '', tls, 'client=callout client'],
      [
        "takes the connection's where the server has none",
        sslInfo,
        undefined,
        'client=callout client',
      ],
      [
        "lets the target server's win",
        sslInfo.replace('trusted', 'missing'),
        { ...tls, clientAuthEnabled: false },
        'client=nobody',
      ],
    ];
    for (const [title, connection, serverTls, body] of pairs) {
      it(title, async () => {
        const port = await secure('server');
        const environment = environmentOf(
          { a: { port, ...(serverTls === undefined ? {} : { tls: serverTls }) } },
          { stores, references },
        );
        const proxy = proxyTo(`<LoadBalancer><Server name="a"/></LoadBalancer>${connection}`);
        const response = await answer(proxy, {}, environment);
        expect(bodyOf(response)).to.equal(body);
      });
    }

    it('answers 503 to a certificate that nobody vouches for', async () => {
      const port = await secure('self-signed');
      const environment = environmentOf({ a: { port, tls } }, { stores, references });
      const response = await answer(
        proxyTo('<LoadBalancer><Server name="a"/></LoadBalancer>'),
        {},
        environment,
      );
      expect(response.status).to.equal(503);
      expect(bodyOf(response)).to.match(/"messaging\.adaptors\.http\.flow\.SslHandshakeFailed"/);
    });

    it("tells whom the target's certificate names, also on a connection that is used again", async () => {
      const port = await secure('full-subject');
      const expected = {
        'target.cn': 'localhost',
        'target.country': 'DE',
        'target.email.address': 'shop@acme.example',
        'target.locality': 'Kassel',
        'target.organization': 'Acme Ltd',
        'target.organization.unit': 'Shop',
        'target.state': 'Hesse',
        'target.ssl.enabled': 'true',
      };
      const { deployment, close } = await deployed(
        {
          shop: proxyTo(
            '<LoadBalancer><Server name="a"/></LoadBalancer>',
            showing(...Object.keys(expected)),
          ),
        },
        { environment: environmentOf({ a: { port, tls } }, { stores, references }) },
      );
      for (let call = 0; call < 2; call += 1) {
        const handled = await deployment.handle(clientRequest());
        const seen = Object.fromEntries(handled?.response.headers ?? []);
        expect(seen).to.include(expected);
      }
      await close();
    });
  });
});
