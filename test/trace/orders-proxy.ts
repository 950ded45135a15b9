import type { Files } from '../bundle/folder.ts';

/** A proxy that does a little of everything: conditions, a callout, a shared flow, a target, a fault. */
export const ordersProxy: Files = {
  'orders.xml': '<APIProxy name="orders" revision="3"/>',
  'proxies/default.xml': `<ProxyEndpoint name="default">
    <FaultRules>
      <FaultRule name="unpaid">
        <Condition>fault.name = "RaiseFault"</Condition>
        <Step><Name>AM-Apologise</Name></Step>
      </FaultRule>
    </FaultRules>
    <PreFlow name="PreFlow">
      <Request>
        <Step><Name>AM-Key</Name></Step>
        <Step><Name>RF-Unpaid</Name><Condition>request.queryparam.unpaid = "true"</Condition></Step>
        <Step><Name>AM-Off</Name></Step>
        <Step><Name>JS-Unknown</Name></Step>
        <Step><Name>FC-Checks</Name></Step>
      </Request>
    </PreFlow>
    <Flows>
      <Flow name="post"><Condition>request.verb = "POST"</Condition></Flow>
      <Flow name="get">
        <Condition>(proxy.pathsuffix MatchesPath "/{id}") and (request.verb = "GET")</Condition>
        <Request><Step><Name>SC-Stock</Name></Step></Request>
      </Flow>
    </Flows>
    <PostClientFlow name="PostClientFlow">
      <Response><Step><Name>AM-After</Name></Step></Response>
    </PostClientFlow>
    <HTTPProxyConnection><BasePath>/orders</BasePath></HTTPProxyConnection>
    <RouteRule name="none"><Condition>request.header.mock = "true"</Condition></RouteRule>
    <RouteRule name="default"><TargetEndpoint>backend</TargetEndpoint></RouteRule>
  </ProxyEndpoint>`,
  'targets/backend.xml': `<TargetEndpoint name="backend">
    <PreFlow name="PreFlow">
      <Response><Step><Name>AM-Stamp</Name></Step></Response>
    </PreFlow>
    <HTTPTargetConnection><URL>http://backend.example.com/v1</URL></HTTPTargetConnection>
  </TargetEndpoint>`,
  'policies/AM-Key.xml': `<AssignMessage name="AM-Key">
    <AssignVariable><Name>private.key</Name><Ref>request.header.x-api-key</Ref></AssignVariable>
    <AssignVariable><Name>greeting</Name><Template>Hello {request.queryparam.name}</Template></AssignVariable>
    <IgnoreUnresolvedVariables>true</IgnoreUnresolvedVariables>
  </AssignMessage>`,
  'policies/RF-Unpaid.xml': `<RaiseFault name="RF-Unpaid">
    <FaultResponse><Set><StatusCode>402</StatusCode><ReasonPhrase>Payment Required</ReasonPhrase></Set></FaultResponse>
  </RaiseFault>`,
  'policies/AM-Apologise.xml': `<AssignMessage name="AM-Apologise">
    <Set><Payload contentType="text/plain">sorry</Payload></Set>
    <AssignTo type="response" createNew="false">error</AssignTo>
  </AssignMessage>`,
  'policies/AM-Off.xml': '<AssignMessage name="AM-Off" enabled="false"/>',
  'policies/JS-Unknown.xml':
    '<JavaCallout name="JS-Unknown"><ResourceURL>java://x.jar</ResourceURL></JavaCallout>',
  'policies/FC-Checks.xml': `<FlowCallout name="FC-Checks">
    <Parameters><Parameter name="level">strict</Parameter></Parameters>
    <SharedFlowBundle>checks</SharedFlowBundle>
  </FlowCallout>`,
  'policies/SC-Stock.xml': `<ServiceCallout name="SC-Stock">
    <Request variable="stockRequest"><Set><Verb>GET</Verb></Set></Request>
    <Response>stockResponse</Response>
    <HTTPTargetConnection><URL>http://stock.example.com/stock</URL></HTTPTargetConnection>
  </ServiceCallout>`,
  'policies/AM-Stamp.xml': `<AssignMessage name="AM-Stamp">
    <Set><Headers><Header name="X-Greeting">{greeting}</Header></Headers></Set>
    <AssignTo type="response" createNew="false">response</AssignTo>
  </AssignMessage>`,
  'policies/AM-After.xml': `<AssignMessage name="AM-After">
    <AssignVariable><Name>seen</Name><Ref>message.status.code</Ref></AssignVariable>
  </AssignMessage>`,
};

export const checksSharedFlow: Files = {
  'checks.xml': '<SharedFlowBundle name="checks" revision="1"/>',
  'sharedflows/default.xml': `<SharedFlow name="default">
    <Step><Name>AM-Level</Name><Condition>level = "strict"</Condition></Step>
  </SharedFlow>`,
  'policies/AM-Level.xml': `<AssignMessage name="AM-Level">
    <AssignVariable><Name>checked</Name><Ref>level</Ref></AssignVariable>
  </AssignMessage>`,
};
