import { expect } from 'chai';
import { configure, diagReport } from './live-objects.ts';
import { createRuntime, DeploymentError, Fault, parsePolicy } from '../../../lib/index.ts';
import { runPolicy } from '../run-policy.ts';

const policy =
  '<MessageValidation name="MV"><ResourceURL>xsd://a.xsd</ResourceURL></MessageValidation>';

const surroundings = (files: Readonly<Record<string, string>>) => ({
  resources: {
    read: (url: string) => {
      const text = files[url];
      return text === undefined ? undefined : Buffer.from(text);
    },
  },
});

const schema = (content: string) =>
  `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${content}</xs:schema>`;
const anything = schema('<xs:element name="a"/>');

async function reasonFor(content: string, text = anything): Promise<string | undefined> {
  const { fault } = await runPolicy(policy, {
    variables: { request: { message: 'request', content } },
    surroundings: surroundings({ 'xsd://a.xsd': text }),
  });
  return /reason: "([^]*)"$/.exec(fault?.faultstring ?? '')?.[1];
}

function refusal(files: Readonly<Record<string, string>>): string {
  try {
    createRuntime().compile(parsePolicy(policy), surroundings(files));
    return 'it deploys';
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    return error.diagnostics.map(({ code, message }) => `${code}: ${message}`).join();
  }
}

describe('MessageValidation', () => {
  it('refuses document types, entities and what is nested too deeply', async () => {
    const forbidden = 'A document type declaration is not allowed';
    expect(await reasonFor('<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>')).to.equal(forbidden);
    expect(
      await reasonFor('<?x?> <!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    ).to.equal(forbidden);
    expect(await reasonFor('<a>&b;</a>')).to.match(/Entity 'b' not defined/);
    expect(await reasonFor('<a>'.repeat(100_000))).to.match(/Excessive depth/);
    expect(await reasonFor('')).to.be.a('string');
    expect(await reasonFor('<a/>')).to.equal(undefined);
  });

  it('reads no schema from elsewhere', async () => {
    const outside = (location: string) =>
      schema(`<xs:import namespace="u" schemaLocation="${location}"/><xs:element name="a"/>`);
    expect(await reasonFor('<a/>', outside('file:///etc/passwd'))).to.equal(undefined);
    expect(await reasonFor('<a/>', outside('http://127.0.0.1:9/x.xsd'))).to.equal(undefined);
    const include = schema('<xs:include schemaLocation="../../etc/x.xsd"/><xs:element name="a"/>');
    expect(refusal({ 'xsd://a.xsd': include })).to.match(
      /^ResourceCompileFailed: .*not among the resources/,
    );
  });

  it('refuses at deployment what is no schema', () => {
    expect(refusal({ 'xsd://a.xsd': '<a' })).to.match(/^ResourceCompileFailed: /);
    expect(refusal({ 'xsd://a.xsd': '<a/>' })).to.match(
      /^ResourceCompileFailed: .*neither a schema nor a WSDL/,
    );
    expect(refusal({ 'xsd://a.xsd': schema('') })).to.equal(
      'NoElements: Resource "xsd://a.xsd" has no element definitions',
    );
  });

  it('follows inclusions to a depth of ten, and in circles', async () => {
    const chain = (length: number) =>
      Object.fromEntries(
        Array.from({ length }, (_, index) => [
          index === 0 ? 'xsd://a.xsd' : `xsd://${index}.xsd`,
          schema(
            `${index + 1 < length ? `<xs:include schemaLocation="${index + 1}.xsd"/>` : ''}<xs:element name="e${index}"/>`,
          ),
        ]),
      );
    expect(refusal(chain(10))).to.equal('it deploys');
    expect(refusal(chain(11))).to.match(/more than 10 deep/);
    const circle = {
      'xsd://a.xsd': schema('<xs:include schemaLocation="b.xsd"/><xs:element name="a" type="B"/>'),
      'xsd://b.xsd': schema(
        '<xs:include schemaLocation="a.xsd"/><xs:complexType name="B"><xs:attribute name="x" use="required"/></xs:complexType>',
      ),
    };
    const { fault } = await runPolicy(policy, {
      variables: { request: { message: 'request', content: '<a/>' } },
      surroundings: surroundings(circle),
    });
    expect(fault?.faultstring).to.match(/The attribute 'x' is required but missing/);
  });

  it('faults for a schema that cannot be compiled', async () => {
    const wrong = schema('<xs:element name="a" type="None"/>');
    expect(await reasonFor('<a/>', wrong)).to.match(
      /^Failed to compile resource xsd:\/\/a\.xsd: .*None/,
    );
  });

  it('leaves nothing behind in the memory of the library', async () => {
    const runtime = createRuntime();
    const compiled = runtime.compile(
      parsePolicy(policy),
      surroundings({ 'xsd://a.xsd': schema('<xs:element name="a" type="xs:int"/>') }),
    );
    const validate = async (content: string): Promise<void> => {
      const flow = runtime.newFlow({ request: { message: 'request', content } });
      try {
        await compiled.run(flow);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
      }
    };
    await configure(true);
    try {
      await validate('<a>1</a>');
      const before = await diagReport();
      for (let count = 0; count < 500; count += 1) {
        for (const content of ['<a>1</a>', '<a>x</a>', '<b/>', '<a']) await validate(content);
      }
      expect(await diagReport()).to.equal(before);
    } finally {
      await configure(false);
      await runtime.close();
    }
  });
});
