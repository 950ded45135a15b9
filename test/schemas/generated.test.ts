import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { parsePolicy } from '../../lib/index.ts';
import { generatedFiles } from '../../schemas/generator/generated-files.ts';

const root = path.resolve(import.meta.dirname, '../..');

describe('the generated files', () => {
  for (const [file, text] of generatedFiles()) {
    it(`are up to date: ${file} (npm run generate)`, async () => {
      expect(await readFile(path.join(root, file), 'utf8')).to.equal(text);
    });
  }
});

describe('the JSON Schema of the AST', () => {
  const kitchenSink = `
    <ServiceCallout name="SC" continueOnError="true" enabled="false" async="true">
      <DisplayName>Everything</DisplayName>
      <Request variable="q" clearPayload="false">
        <IgnoreUnresolvedVariables>true</IgnoreUnresolvedVariables>
        <Copy source="request"><Headers><Header name="a.2"/></Headers><Payload>true</Payload><Verb/></Copy>
        <Remove><QueryParams/><Header name="misplaced"/></Remove>
        <Add><FormParams><FormParam name="f">{v}</FormParam></FormParams></Add>
        <Set>
          <Headers><Header name="h">{v:none}</Header></Headers>
          <Payload contentType="text/xml" variablePrefix="@" variableSuffix="#"><a>@v#</a></Payload>
          <Verb>PUT</Verb><Version>1.1</Version><Path>/p</Path>
        </Set>
      </Request>
      <Response>r</Response>
      <Timeout>100</Timeout>
      <HTTPTargetConnection>
        <LoadBalancer>
          <Algorithm>Weighted</Algorithm>
          <Server name="a"><Weight>2</Weight><IsEnabled>true</IsEnabled><IsFallback>false</IsFallback></Server>
          <MaxFailures>3</MaxFailures><RetryEnabled>false</RetryEnabled>
          <ServerUnhealthyResponse><ResponseCode>500</ResponseCode></ServerUnhealthyResponse>
        </LoadBalancer>
        <Path>/x/{v}</Path>
        <SSLInfo>
          <Enabled>true</Enabled><Enforce>true</Enforce><ClientAuthEnabled>true</ClientAuthEnabled>
          <KeyStore>ref://k</KeyStore><KeyAlias>a</KeyAlias><TrustStore>t</TrustStore>
          <Ciphers><Cipher>C</Cipher></Ciphers><Protocols><Protocol>TLSv1.3</Protocol></Protocols>
          <CommonName wildcardMatch="true">*.example.com</CommonName>
        </SSLInfo>
        <Properties><Property name="success.codes">2xx</Property></Properties>
        <Authentication>
          <HeaderName ref="h">X-Token</HeaderName>
          <GoogleIDToken><Audience ref="a" useTargetUrl="true">b</Audience><IncludeEmail>true</IncludeEmail></GoogleIDToken>
        </Authentication>
        <HealthMonitor><IsEnabled>true</IsEnabled><IntervalInSec>5</IntervalInSec>
          <TCPMonitor><ConnectTimeoutInSec>1</ConnectTimeoutInSec></TCPMonitor></HealthMonitor>
      </HTTPTargetConnection>
    </ServiceCallout>`;

  async function validator() {
    const schema: unknown = JSON.parse(
      await readFile(path.join(root, 'schemas/ServiceCallout.ast.schema.json'), 'utf8'),
    );
    return new Ajv2020({ strict: false, allErrors: true }).compile(schema as object);
  }

  const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

  it('accepts the AST of a policy that uses every element', async () => {
    const validate = await validator();
    validate(asJson(parsePolicy(kitchenSink)));
    expect(validate.errors).to.equal(null);
  });

  it('accepts the AST of every fixture', async () => {
    const validate = await validator();
    const folder = path.join(root, 'fixtures/policies');
    const files = (await readdir(folder)).filter((file) => file.startsWith('SC-'));
    expect(files).to.not.be.empty;
    for (const file of files) {
      validate(asJson(parsePolicy(await readFile(path.join(folder, file)), { file })));
      expect(validate.errors, file).to.equal(null);
    }
  });

  it('refuses what is no AST', async () => {
    const validate = await validator();
    const policy = asJson(parsePolicy(kitchenSink)) as Record<string, unknown>;
    expect(validate({ ...policy, type: 'AssignMessage' })).to.equal(false);
    expect(validate({ ...policy, continueOnError: 'yes' })).to.equal(false);
    expect(validate({ ...policy, surprise: 1 })).to.equal(false);
  });
});
