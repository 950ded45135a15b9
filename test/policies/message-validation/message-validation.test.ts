import { expect } from 'chai';
import { configure, diagReport } from './live-objects.ts';
import { createRuntime, DeploymentError, parsePolicy } from '../../../lib/index.ts';
import { EngineThread } from '../../../lib/policies/engine-threads/engine-thread.ts';
import { SchemaEngine } from '../../../lib/policies/message-validation/engine/libxml2.ts';
import { threadBody } from '../../../lib/policies/message-validation/engine/thread-body.ts';
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

  it('refuses at deployment a schema that cannot be compiled', () => {
    const wrong = schema('<xs:element name="a" type="None"/>');
    expect(refusal({ 'xsd://a.xsd': wrong })).to.match(
      /^ResourceCompileFailed: xsd:\/\/a\.xsd: .*'None' does not resolve/,
    );
  });

  it('puts the schemas of a WSDL together that share a namespace, and those of WSDLs it imports', async () => {
    const definitions = (content: string) =>
      `<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:s="urn:s" xmlns:t="urn:t">${content}</w:definitions>`;
    const files = {
      'wsdl://a.wsdl': definitions(
        `<w:import namespace="urn:t" location="b.wsdl"/><w:import namespace="urn:x" location="http://127.0.0.1:9/x.wsdl"/><w:types>
           <xs:schema targetNamespace="urn:s"><xs:import namespace="urn:t"/><xs:element name="a" type="s:A"/><xs:element name="c" type="t:C"/></xs:schema>
           <xs:schema targetNamespace="urn:s"><xs:simpleType name="A"><xs:restriction base="xs:int"/></xs:simpleType></xs:schema>
         </w:types>`,
      ),
      'wsdl://b.wsdl': definitions(
        `<w:import namespace="urn:s" location="a.wsdl"/><w:types><xs:schema targetNamespace="urn:t"><xs:simpleType name="C"><xs:restriction base="xs:boolean"/></xs:simpleType></xs:schema></w:types>`,
      ),
    };
    const reasonIn = async (content: string): Promise<string | undefined> => {
      const envelope = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${content}</e:Body></e:Envelope>`;
      const { fault } = await runPolicy(policy.replace('xsd://a.xsd', 'wsdl://a.wsdl'), {
        variables: { request: { message: 'request', content: envelope } },
        surroundings: surroundings(files),
      });
      return fault?.faultstring;
    };
    expect(await reasonIn('<a xmlns="urn:s">1</a>')).to.equal(undefined);
    expect(await reasonIn('<c xmlns="urn:s">true</c>')).to.equal(undefined);
    expect(await reasonIn('<a xmlns="urn:s">x</a>')).to.match(/'x' is not a valid value/);
    expect(await reasonIn('<c xmlns="urn:s">x</c>')).to.match(/'x' is not a valid value/);
  });

  it('ends what takes too long', async () => {
    const thread = new EngineThread(threadBody);
    const pattern =
      '<xs:simpleType name="P"><xs:restriction base="xs:string"><xs:pattern value="(a|aa)*b"/></xs:restriction></xs:simpleType>';
    const slow = schema(
      `${pattern}<xs:element name="l"><xs:complexType><xs:sequence><xs:element name="p" type="P" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>`,
    );
    const schemas = { main: { url: 'bundle:///xsd/a.xsd', text: slow }, files: new Map() };
    const ready = await thread.ask({ key: 'slow', schemas }, 10_000);
    expect(ready.kind).to.equal('valid');
    const answer = await thread.ask(
      {
        key: 'slow',
        document: {
          text: `<l>${`<p>${'a'.repeat(60)}</p>`.repeat(1000)}</l>`,
          root: { envelopes: [], elements: [] },
        },
      },
      50,
    );
    await thread.end();
    expect(answer).to.deep.equal({ kind: 'broken', message: 'it took too long' });
  });

  it('tells the first of fifty thousand errors', async () => {
    const list = schema(
      '<xs:element name="l"><xs:complexType><xs:sequence><xs:element name="n" type="xs:int" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>',
    );
    expect(await reasonFor(`<l>${'<n>x</n>'.repeat(50_000)}</l>`, list)).to.equal(
      "Element 'n': 'x' is not a valid value of the atomic type 'xs:int'. [Line 1]",
    );
  });

  it('gives up a document with a million errors, and goes on with the next', async () => {
    const list = schema(
      '<xs:element name="l"><xs:complexType><xs:sequence><xs:element name="n" type="xs:int" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>',
    );
    expect(await reasonFor(`<l>${'<n>x</n>'.repeat(1_000_000)}</l>`, list)).to.match(
      /^The validation was given up: /,
    );
    expect(await reasonFor('<l><n>1</n></l>', list)).to.equal(undefined);
  });

  it('answers many requests at once, each its own', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => reasonFor(index % 2 === 0 ? '<a/>' : '<b/>')),
    );
    expect(answers.filter((answer) => answer === undefined)).to.have.length(10);
  });

  it('leaves nothing behind in the memory of the library', async () => {
    const engine = new SchemaEngine(await import('libxml2-wasm'));
    const text = schema('<xs:element name="a" type="xs:int"/>');
    const schemas = { main: { url: 'bundle:///xsd/a.xsd', text }, files: new Map() };
    const root = { envelopes: [], elements: [] };
    const validate = (content: string): string =>
      engine.answer({ key: 'a', schemas, document: { text: content, root } }).kind;
    await configure(true);
    try {
      validate('<a>1</a>');
      const before = await diagReport();
      for (let count = 0; count < 500; count += 1) {
        const kinds = ['<a>1</a>', '<a>x</a>', '<b/>', '<a'].map(validate);
        expect(kinds).to.deep.equal(['valid', 'found', 'found', 'found']);
      }
      expect(await diagReport()).to.equal(before);
      for (let count = 0; count < 60; count += 1) engine.answer({ key: String(count), schemas });
      expect(engine.answer({ key: 'a' }).kind).to.equal('unknown');
      expect(engine.answer({ key: '59' }).kind).to.equal('valid');
    } finally {
      await configure(false);
    }
  });
});
