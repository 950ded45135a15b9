import { expect } from 'chai';
import {
  checkPolicy,
  createGateway,
  createRuntime,
  emptyEnvironment,
  Fault,
  parsePolicy,
  type Environment,
  type Log,
  type MessageLogEntry,
  type RuntimeOptions,
} from '../../../lib/index.ts';
import { bundlesOf } from '../../gateway/serving.ts';

const policy = (children: string): string =>
  `<MessageLogging name="ML">${children}</MessageLogging>`;

interface Logged {
  readonly entries: readonly MessageLogEntry[];
  readonly fault: Fault | undefined;
}

async function log(
  children: string,
  variables: Readonly<Record<string, unknown>> = {},
  options: RuntimeOptions = {},
): Promise<Logged> {
  const entries: MessageLogEntry[] = [];
  const runtime = createRuntime({
    messageLog: { write: (entry) => void entries.push(entry) },
    ...options,
  });
  let fault: Fault | undefined;
  try {
    await runtime.compile(parsePolicy(policy(children))).run(runtime.newFlow({ variables }));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    fault = error;
  }
  await runtime.close();
  return { entries, fault };
}

const clock: NonNullable<RuntimeOptions['clock']> = {
  now: () => 1_700_000_000_000,
  nanoseconds: () => 0,
  after: () => ({ cancel: () => undefined }),
};

/** A proxy at /b whose PostClientFlow holds one policy. */
const proxyLogging = (text: string, steps = ''): ReturnType<typeof bundlesOf> =>
  bundlesOf({
    'apiproxy/p.xml': '<APIProxy name="p"/>',
    'apiproxy/proxies/default.xml': `<ProxyEndpoint name="default">
      <PreFlow><Request>${steps}</Request></PreFlow>
      <PostClientFlow><Response><Step><Name>ML</Name></Step></Response></PostClientFlow>
      <HTTPProxyConnection><BasePath>/b</BasePath></HTTPProxyConnection><RouteRule name="r"/></ProxyEndpoint>`,
    'apiproxy/policies/ML.xml': text,
    'apiproxy/policies/RF.xml': '<RaiseFault name="RF"/>',
  });

describe('MessageLogging', () => {
  it('mediation 225: tells the log one entry for localhost:514 over UDP', async () => {
    const entries: MessageLogEntry[] = [];
    const gateway = await createGateway({
      bundles: await proxyLogging(policy('<Syslog><Message>id={messageid}</Message></Syslog>')),
      messageLog: { write: (entry) => void entries.push(entry) },
      random: { uuid: () => 'ID', bytes: (count) => new Uint8Array(count) },
      clock,
    });
    const response = await gateway.handle(new Request('http://a/b'));
    expect(response.status).to.equal(200);
    await response.arrayBuffer();
    await gateway.close();
    expect(entries).to.deep.equal([
      {
        policy: 'ML',
        level: 'INFO',
        timestamp: 1_700_000_000_000,
        payload: { kind: 'text', text: 'id=ID' },
        destination: {
          kind: 'syslog',
          host: 'localhost',
          port: 514,
          protocol: 'UDP',
          tls: undefined,
          form: 'with-header',
          timestamp: '2023-11-14T22:13:20.000+0000',
        },
      },
    ]);
  });

  it('runs after a fault too, where message is what the client got', async () => {
    const entries: MessageLogEntry[] = [];
    const gateway = await createGateway({
      bundles: await proxyLogging(
        policy('<Syslog><Message>{message.status.code}</Message></Syslog>'),
        '<Step><Name>RF</Name></Step>',
      ),
      messageLog: { write: (entry) => void entries.push(entry) },
    });
    await (await gateway.handle(new Request('http://a/b'))).arrayBuffer();
    await gateway.close();
    expect(entries.map(({ payload }) => payload)).to.deep.equal([{ kind: 'text', text: '500' }]);
  });

  it('leaves the response alone when the log throws', async () => {
    const warned: string[] = [];
    const gateway = await createGateway({
      bundles: await proxyLogging(policy('<Syslog><Message>x</Message></Syslog>')),
      log: { warn: (_details, message) => warned.push(message), error: () => undefined },
      messageLog: {
        write() {
          throw new Error('the disk is full');
        },
      },
    });
    const response = await gateway.handle(new Request('http://a/b'));
    expect(response.status).to.equal(200);
    await response.arrayBuffer();
    await gateway.close();
    expect(warned).to.deep.equal(['A log message could not be written']);
  });

  const cloud = (message: string, rest = ''): string =>
    `<CloudLogging><LogName>projects/{organization.name}/logs/l</LogName>${message}${rest}</CloudLogging>`;

  it('mediation 226: logs as text what was to be JSON and is not', async () => {
    const { entries, fault } = await log(
      cloud('<Message contentType="application/json">{bad</Message>'),
    );
    expect(fault).to.equal(undefined);
    expect(entries[0]?.payload).to.deep.equal({ kind: 'text', text: '{bad' });
  });

  it('logs an object as fields, with templates in every place', async () => {
    const { entries } = await log(
      cloud(
        '<Message contentType="application/json">{"a": "{v}"}</Message>',
        '<Labels><Label><Key>k-{v}</Key><Value>{v}</Value></Label></Labels><ResourceType>api</ResourceType>',
      ) + '<logLevel>ALERT</logLevel>',
      { v: 'x' },
    );
    expect(entries[0]).to.deep.include({
      level: 'ALERT',
      payload: { kind: 'json', object: { a: 'x' } },
      destination: {
        kind: 'cloud-logging',
        logName: 'projects/local/logs/l',
        resourceType: 'global',
        labels: { 'k-x': 'x' },
      },
    });
  });

  for (const text of ['[1]', '7', '"a"', 'null', '']) {
    it(`logs ${JSON.stringify(text)} as text, since an entry has fields`, async () => {
      const message = `<Message contentType="application/json">{v}</Message>`;
      const { entries } = await log(cloud(message), { v: text });
      expect(entries[0]?.payload).to.deep.equal({ kind: 'text', text });
    });
  }

  it('logs to every destination that it names', async () => {
    const { entries } = await log(
      cloud('<Message contentType="text/plain">a</Message>') +
        '<File><Message>b</Message><FileName>{organization.name}.log</FileName></File>' +
        '<Syslog><Message>c</Message></Syslog>',
    );
    expect(entries.map(({ destination: { kind } }) => kind)).to.deep.equal([
      'syslog',
      'cloud-logging',
      'file',
    ]);
  });

  it('reads how files are rotated', async () => {
    const { entries } = await log(
      `<File><Message>b</Message><FileName>a.log</FileName>
        <FileRotationOptions rotateFileOnStartup="true"><FileRotationType>TIME_SIZE</FileRotationType>
        <MaxFileSizeInMB>2</MaxFileSizeInMB><MaxFilesToRetain>3</MaxFilesToRetain>
        <RotationFrequency unit="minute">30</RotationFrequency></FileRotationOptions></File>`,
    );
    expect(entries[0]?.destination).to.deep.equal({
      kind: 'file',
      fileName: 'a.log',
      rotation: { size: 2 * 1024 * 1024, period: 1_800_000, retained: 3, atStart: 'rotate' },
    });
  });

  const syslogWith = (children: string): string =>
    `<Syslog><Message>x</Message>${children}</Syslog>`;

  it('resolves host, protocol, form and time of a syslog server', async () => {
    const { entries } = await log(
      syslogWith(
        `<Host>{h}</Host><Port>6514</Port><Protocol>TCP</Protocol><PayloadOnly>true</PayloadOnly><DateFormat>yyyy</DateFormat>`,
      ),
      { h: 'logs.example' },
      { clock },
    );
    expect(entries[0]?.destination).to.deep.equal({
      kind: 'syslog',
      host: 'logs.example',
      port: 6514,
      protocol: 'TCP',
      tls: undefined,
      form: 'payload-only',
      timestamp: '2023',
    });
  });

  const sslInfo = '<SSLInfo><Enabled>true</Enabled><TrustStore>ts</TrustStore></SSLInfo>';
  const trusting: Environment = {
    ...emptyEnvironment,
    stores: new Map([['ts', { name: 'ts', aliases: new Map(), certificates: ['PEM'] }]]),
  };

  it('uses the trust store of SSLInfo, and TCP, which TLS needs', async () => {
    const { entries } = await log(syslogWith(sslInfo), {}, { environment: trusting });
    expect(entries[0]?.destination).to.deep.include({
      protocol: 'TCP',
      tls: {
        certificateAuthorities: ['PEM'],
        verification: 'verify',
        ciphers: [],
        protocols: [],
      },
    });
    expect(checkPolicy(policy(syslogWith(sslInfo))).map(({ code }) => code)).to.deep.equal([
      'tls-needs-tcp',
    ]);
  });

  it('fails rather than log in plain when the trust store is missing', async () => {
    const { entries, fault } = await log(syslogWith(sslInfo));
    expect(fault?.code).to.equal('steps.messagelogging.StepDefinitionExecutionFailed');
    expect(entries).to.be.empty;
  });

  it('takes an unresolved variable for empty text, unless told otherwise', async () => {
    const message = '<Syslog><Message>a{nobody}b</Message></Syslog>';
    const { entries } = await log(message);
    expect(entries[0]?.payload).to.deep.equal({ kind: 'text', text: 'ab' });
    const ignore = '<IgnoreUnresolvedVariables>false</IgnoreUnresolvedVariables>';
    const { fault } = await log(message + ignore);
    expect(fault?.code).to.equal('entities.UnresolvedVariable');
  });

  it('goes to the log of the host unless something else is said, if that takes information', async () => {
    const infos: (readonly [Readonly<Record<string, unknown>>, string])[] = [];
    const hostLog: Log = {
      info: (details, message) => infos.push([details, message]),
      warn: () => undefined,
      error: () => undefined,
    };
    for (const given of [hostLog, { warn: () => undefined, error: () => undefined }]) {
      const runtime = createRuntime({ log: given });
      await runtime.compile(parsePolicy(policy(syslogWith('')))).run(runtime.newFlow());
      await runtime.close();
    }
    expect(infos).to.deep.equal([
      [
        {
          policy: 'ML',
          severity: 'INFO',
          destination: { syslog: 'localhost:514', protocol: 'UDP' },
          message: 'x',
        },
        'logged message',
      ],
    ]);
  });

  const findings: Readonly<Record<string, readonly string[]>> = {
    '<Syslog><Host>a</Host></Syslog>': ['missing-message'],
    [syslogWith('<Host>http://a</Host>')]: ['InvalidHostName'],
    [syslogWith('<Host>{h}</Host>')]: [],
    [syslogWith('<Port>0</Port>')]: ['InvalidPort'],
    [syslogWith('<Port>70000</Port>')]: ['InvalidPort'],
    [syslogWith('<Port>x</Port>')]: ['InvalidPort'],
    [syslogWith('<Protocol>HTTP</Protocol>')]: ['InvalidProtocol'],
    [syslogWith('<DateFormat>yyyy-bb</DateFormat>')]: ['invalid-date-format'],
    '<CloudLogging><Message contentType="text/plain">a</Message></CloudLogging>': [
      'missing-log-name',
    ],
    [cloud('<Message>a</Message>')]: ['missing-content-type'],
    '<File><Message>a</Message></File>': ['missing-file-name'],
    '<logLevel>INFO</logLevel>': ['no-log-destination'],
    '<BufferMessage>true</BufferMessage><Syslog><Message>a</Message></Syslog>': [],
  };
  for (const [children, codes] of Object.entries(findings)) {
    it(`is checked when it is deployed: ${children}`, () => {
      const found = checkPolicy(policy(children));
      expect(found.map(({ code }) => code)).to.deep.equal(codes);
    });
  }
});
