import { expect } from 'chai';
import { faultEnvelope, soapFaultEnvelope, xmlFaultEnvelope } from '../../lib/fault/envelope.ts';
import { readXml } from '../../lib/xml/read.ts';
import type { Diagnostic } from '../../lib/diagnostic/diagnostic.ts';

const fault = { faultstring: 'a <b> & "c" /d\u0000\uD800', code: 'steps.x.Y' };

describe('the envelope of a fault', () => {
  it('is compact in JSON, with every slash escaped', () => {
    expect(faultEnvelope({ faultstring: 'a/"b"', code: 'steps.x.Y' })).to.equal(
      String.raw`{"fault":{"faultstring":"a\/\"b\"","detail":{"errorcode":"steps.x.Y"}}}`,
    );
  });

  it('escapes markup in XML and drops what XML cannot hold', () => {
    expect(xmlFaultEnvelope(fault)).to.equal(
      `<?xml version='1.0' encoding='UTF-8'?><fault><faultstring>a &lt;b&gt; &amp; "c" /d</faultstring><detail><errorcode>steps.x.Y</errorcode></detail></fault>`,
    );
  });

  for (const version of ['1.1', '1.2'] as const) {
    it(`is well-formed in SOAP ${version}`, () => {
      const findings: Diagnostic[] = [];
      const root = readXml(soapFaultEnvelope(version)(fault), {
        file: 'fault.xml',
        report: (finding) => findings.push(finding),
      });
      expect(findings).to.deep.equal([]);
      expect(root?.local).to.equal('Envelope');
    });
  }
});
