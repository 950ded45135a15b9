import { expect } from 'chai';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { checkPolicy, createRuntime, DeploymentError, parsePolicy } from '../../../lib/index.ts';
import { EngineThread } from '../../../lib/policies/engine-threads/engine-thread.ts';
import { threadBody } from '../../../lib/policies/xsl/engine/thread-body.ts';
import { runPolicy, type Run } from '../run-policy.ts';

const policy =
  '<XSL name="X"><Source>xml</Source><ResourceURL>xsl://t.xsl</ResourceURL><OutputVariable>out</OutputVariable></XSL>';

function sheet(body: string, version = '1.0'): string {
  return `<xsl:stylesheet version="${version}" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">\n${body}</xsl:stylesheet>`;
}

const surroundings = (stylesheet: string) => ({
  resources: {
    read: (url: string) => (url === 'xsl://t.xsl' ? Buffer.from(stylesheet) : undefined),
  },
});

async function run(stylesheet: string, xml = '<a/>'): Promise<Run> {
  return runPolicy(policy, { variables: { xml }, surroundings: surroundings(stylesheet) });
}

async function resultOf(stylesheet: string, xml = '<a/>'): Promise<unknown> {
  const { flow, fault } = await run(stylesheet, xml);
  expect(fault?.faultstring).to.equal(undefined);
  return flow.variables.get('out');
}

async function reasonFor(stylesheet: string, xml = '<a/>'): Promise<string | undefined> {
  const { fault } = await run(stylesheet, xml);
  return /^Evaluation of XSL t\.xsl failed with reason: "([^]*)"$/.exec(
    fault?.faultstring ?? '',
  )?.[1];
}

const identity = sheet(
  '<xsl:template match="@*|node()"><xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy></xsl:template>',
);

describe('XSL', () => {
  it('writes the method text without a declaration, and line feeds as they are', async () => {
    const text = sheet(
      '<xsl:output method="text"/><xsl:template match="/">é &lt;\n</xsl:template>',
    );
    expect(await resultOf(text)).to.equal('é <\n');
  });

  it('leaves the declaration out where it shall be', async () => {
    const output =
      '<xsl:output omit-xml-declaration="yes"/><xsl:template match="/"><o/></xsl:template>';
    expect(await resultOf(sheet(output))).to.equal('<o/>');
  });

  it('writes a message in the encoding of its declaration', async () => {
    const latin = sheet(
      '<xsl:output encoding="ISO-8859-1"/><xsl:template match="/"><o>é€</o></xsl:template>',
    );
    const { flow } = await runPolicy('<XSL name="X"><ResourceURL>xsl://t.xsl</ResourceURL></XSL>', {
      variables: { request: { message: 'request', content: '<a/>' } },
      surroundings: surroundings(latin),
    });
    const bytes = Buffer.from(flow.variables.message('request')?.bytes ?? []);
    expect(bytes.toString('latin1')).to.equal(
      '<?xml version="1.0" encoding="ISO-8859-1"?><o>é&#8364;</o>',
    );
  });

  it('reads a stylesheet in the encoding it declares, with its own entities', async () => {
    const text = `<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE xsl:stylesheet [<!ENTITY e "&#233;">]>${sheet('<xsl:output method="text"/><xsl:template match="/">é&e;</xsl:template>')}`;
    const { flow } = await runPolicy(policy, {
      variables: { xml: '<a/>' },
      surroundings: { resources: { read: () => Buffer.from(text, 'latin1') } },
    });
    expect(flow.variables.get('out')).to.equal('éé');
  });

  it('knows the functions of EXSLT', async () => {
    const tokens = sheet(
      '<xsl:output method="text"/><xsl:template match="/"><xsl:for-each xmlns:str="http://exslt.org/strings" select="str:tokenize(a)">[<xsl:value-of select="."/>]</xsl:for-each></xsl:template>',
    );
    expect(await resultOf(tokens, '<a>x y</a>')).to.equal('[x][y]');
  });

  it('reads names in any namespace, as XPath 2.0 has them', async () => {
    const names = sheet(
      `<xsl:output method="text"/><xsl:template match="*:a"><xsl:value-of select="concat('*:b ', *:b)"/></xsl:template>`,
      '2.0',
    );
    expect(await resultOf(names, '<n:a xmlns:n="u"><n:b>1</n:b></n:a>')).to.equal('*:b 1');
  });

  it('recurses as deep as stylesheets do that take lists apart', async () => {
    const count = sheet(
      '<xsl:output method="text"/><xsl:template match="/"><xsl:call-template name="t"><xsl:with-param name="n" select="1000"/></xsl:call-template></xsl:template><xsl:template name="t"><xsl:param name="n"/><xsl:if test="$n &gt; 0"><xsl:call-template name="t"><xsl:with-param name="n" select="$n - 1"/></xsl:call-template></xsl:if><xsl:if test="$n = 0">end</xsl:if></xsl:template>',
    );
    expect(await resultOf(count)).to.equal('end');
  });

  it('refuses at deployment a stylesheet that cannot be compiled, and says where it is wrong', () => {
    const runtime = createRuntime();
    const wrong = [
      sheet('<xsl:template match="/"><xsl:value-of select="a[["/></xsl:template>'),
      sheet('<xsl:include href="http://127.0.0.1/other.xsl"/>'),
      '<xsl:stylesheet',
    ];
    const messages = wrong.map((text) => {
      try {
        runtime.compile(parsePolicy(policy), surroundings(text));
        return 'it deploys';
      } catch (error) {
        if (!(error instanceof DeploymentError)) throw error;
        return error.diagnostics.map(({ code, message }) => `${code}: ${message}`).join();
      }
    });
    expect(messages[0]).to.match(/^xsl-compile-failed: .*t\.xsl.*Invalid expression \(line 2\)/);
    expect(messages[1]).to.match(/^xsl-compile-failed: .*other\.xsl/);
    expect(messages[2]).to.match(/^xsl-compile-failed: /);
  });

  it('leaves a policy alone that is checked without its files', () => {
    expect(checkPolicy(policy)).to.deep.equal([]);
  });

  it('reaches neither the network nor a file', async () => {
    let calls = 0;
    const server = createServer((_request, response) => {
      calls += 1;
      response.end('<secret/>');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const places = [
      `http://127.0.0.1:${port}/x`,
      '/etc/passwd',
      'file:///etc/hostname',
      '/dev/stdin',
    ];
    const copies = places.map((place) => `<xsl:copy-of select="document('${place}')"/>`).join('');
    try {
      const result = await resultOf(
        sheet(
          `<xsl:template match="/"><o>${copies}<xsl:value-of select="system-property('xsl:vendor')"/></o></xsl:template>`,
        ),
      );
      expect(result).to.equal('<?xml version="1.0" encoding="UTF-8"?><o>libxslt</o>');
      expect(calls).to.equal(0);
    } finally {
      server.close();
    }
  });

  it('expands no entity of a payload, and never opens one', async () => {
    const declared = [
      '<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>',
      '<?xml version="1.0"?>\n<!-- c --><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
      '<!DOCTYPE a SYSTEM "http://127.0.0.1/x.dtd"><a/>',
    ];
    for (const xml of declared) {
      expect(await reasonFor(identity, xml)).to.equal('A document type declaration is not allowed');
    }
    expect(await reasonFor(identity, '<a>&b;</a>')).to.match(/Entity 'b' not defined/);
  });

  it('refuses a payload that is nested too deeply', async () => {
    expect(await reasonFor(identity, '<a>'.repeat(100_000))).to.match(/Excessive depth/);
  });

  it('ends a recursion without end, and goes on with the next request', async () => {
    const endless = sheet(
      '<xsl:template match="/"><xsl:call-template name="t"/></xsl:template><xsl:template name="t"><xsl:call-template name="t"/></xsl:template>',
    );
    expect(await reasonFor(endless)).to.match(/recurses too deeply|infinite|recursion/i);
    expect(await resultOf(identity)).to.equal('<?xml version="1.0" encoding="UTF-8"?><a/>');
  });

  it('ends what grows without end, and goes on with the next request', async () => {
    const double =
      '<xsl:call-template name="t"><xsl:with-param name="s" select="concat($s, $s)"/></xsl:call-template>';
    const growing = sheet(
      `<xsl:template match="/"><xsl:call-template name="t"><xsl:with-param name="s" select="'xxxxxxxxxxxxxxxx'"/></xsl:call-template></xsl:template><xsl:template name="t"><xsl:param name="s"/>${double}</xsl:template>`,
    );
    expect(await reasonFor(growing)).to.be.a('string');
    expect(await resultOf(identity)).to.equal('<?xml version="1.0" encoding="UTF-8"?><a/>');
  });

  it('ends what takes too long', async () => {
    const nested = (depth: number): string =>
      depth === 0 ? '<x/>' : `<xsl:for-each select="//b">${nested(depth - 1)}</xsl:for-each>`;
    const thread = new EngineThread(threadBody);
    const request = {
      kind: 'transform',
      stylesheet: sheet(`<xsl:template match="/">${nested(8)}</xsl:template>`),
      document: `<a>${'<b/>'.repeat(100)}</a>`,
      parameters: [],
    } as const;
    const answer = await thread.ask(request, 50);
    await thread.end();
    expect(answer).to.deep.equal({ kind: 'broken', message: 'it took too long' });
  });

  it('answers many requests at once, each its own', async () => {
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, index) => resultOf(identity, `<a>${index}</a>`)),
    );
    expect(results).to.deep.equal(
      results.map((_, index) => `<?xml version="1.0" encoding="UTF-8"?><a>${index}</a>`),
    );
  });
});
