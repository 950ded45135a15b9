import { expect } from 'chai';
import { mentionsPayload } from '../../lib/policies/payload-use.ts';
import { parsePolicy } from '../../lib/policies/read-policy.ts';
import { policyTypeNamed } from '../../lib/policies/registry.ts';

const assign = (inside: string) => `<AssignMessage name="AM-request">${inside}</AssignMessage>`;
const header = (value: string) =>
  `<Set><Headers><Header name="X-Response">${value}</Header></Headers></Set>`;
const callout = (request: string, response = 'r') =>
  `<ServiceCallout name="SC">${request}<Response>${response}</Response>
    <HTTPTargetConnection><URL>http://t.test/{request.header.id}</URL></HTTPTargetConnection></ServiceCallout>`;
const fault = (payload: string) =>
  `<RaiseFault name="RF"><FaultResponse><Set><Payload>${payload}</Payload></Set></FaultResponse></RaiseFault>`;

const policies: [title: string, xml: string, touches: boolean][] = [
  ['a header from a constant', assign(header('request')), false],
  [
    'a header from another header',
    assign(header('{request.header.a} {response.status.code}')),
    false,
  ],
  ["a header from a callout's response", assign(header('{calloutResponse.content}')), false],
  ['a header from the content', assign(header('{response.content}')), true],
  ['a header from a whole message', assign(header('{response}')), true],
  [
    'a header from a function of the content',
    assign(header('{jsonPath($.a,response.content)}')),
    true,
  ],
  ['a header from a form parameter', assign(header('{request.formparam.a}')), true],
  ['the payload', assign('<Set><Payload>x</Payload></Set>'), true],
  [
    'the payload of another message',
    assign(
      '<AssignTo createNew="true" type="request">own</AssignTo><Set><Payload>x</Payload></Set>',
    ),
    false,
  ],
  [
    'form parameters',
    assign('<Add><FormParams><FormParam name="a">b</FormParam></FormParams></Add>'),
    true,
  ],
  [
    'the removal of a header',
    assign('<Remove><Headers><Header name="a"/></Headers></Remove>'),
    false,
  ],
  ['the removal of everything', assign('<Remove/>'), true],
  ['a copy of headers', assign('<Copy source="request"><Headers/></Copy>'), false],
  ['a copy of everything', assign('<Copy source="request"/>'), true],
  [
    'a variable from a message',
    assign('<AssignVariable><Name>a</Name><Ref>response</Ref></AssignVariable>'),
    true,
  ],
  [
    'a variable from a header',
    assign('<AssignVariable><Name>a</Name><Ref>request.header.b</Ref></AssignVariable>'),
    false,
  ],
  ['a fault of its own', fault('stop'), false],
  ['a fault that quotes the response', fault('{response.content}'), true],
  [
    'a callout with a request of its own',
    callout('<Request variable="own"><Set><Payload>x</Payload></Set></Request>'),
    false,
  ],
  ['a callout that sends the request', callout('<Request variable="request"/>'), true],
  [
    'a callout that copies the payload',
    callout(
      '<Request variable="own"><Copy source="request"><Payload>true</Payload></Copy></Request>',
    ),
    true,
  ],
  ['a callout that replaces the response', callout('', 'response'), true],
  [
    'a call of a shared flow',
    '<FlowCallout name="FC"><SharedFlowBundle>s</SharedFlowBundle></FlowCallout>',
    false,
  ],
  [
    'limits on the JSON of the request',
    '<JSONThreatProtection name="J"><ArrayElementCount>3</ArrayElementCount></JSONThreatProtection>',
    true,
  ],
  [
    "limits on the XML of a callout's response",
    '<XMLThreatProtection name="X"><Source>calloutResponse</Source></XMLThreatProtection>',
    false,
  ],
  [
    'patterns for a header',
    '<RegularExpressionProtection name="R"><Header name="a"><Pattern>b</Pattern></Header></RegularExpressionProtection>',
    false,
  ],
  [
    'patterns for the content',
    '<RegularExpressionProtection name="R"><Variable name="request.content"><Pattern>b</Pattern></Variable></RegularExpressionProtection>',
    true,
  ],
  ['a GraphQL request', '<GraphQL name="G"/>', true],
  ['CORS', '<CORS name="C"><AllowOrigins>{request.header.origin}</AllowOrigins></CORS>', false],
  [
    'a condition on the content',
    '<AssertCondition name="A"><Condition>request.content = "a"</Condition></AssertCondition>',
    true,
  ],
  [
    'credentials taken from the content',
    '<BasicAuthentication name="B"><Operation>Decode</Operation><User ref="u"/><Password ref="p"/><Source>request.content</Source></BasicAuthentication>',
    true,
  ],
  ['a verb', '<HTTPModifier name="H"><Set><Verb>PUT</Verb></Set></HTTPModifier>', false],
];

describe('whether a policy may touch a payload', () => {
  for (const [title, xml, touches] of policies) {
    it(`${touches ? 'yes' : 'no'}: ${title}`, () => {
      const policy = parsePolicy(xml);
      expect(policyTypeNamed(policy.type)?.touchesPayload(policy)).to.equal(touches);
    });
  }

  it('tells conditions that read one', () => {
    expect(mentionsPayload('response.content ~ "*error*"')).to.equal(true);
    expect(mentionsPayload('request.verb = "GET" and response.header.content-type = "a"')).to.equal(
      false,
    );
  });
});
