/** Where the back end listens, and a port where nobody does. */
export interface Ports {
  readonly backEnd: number;
  readonly nobody: number;
}

const steps = (...names: readonly string[]): string =>
  names.map((name) => `<Step><Name>${name}</Name></Step>`).join('');

const flow = (name: string, request: string): string =>
  `<Flow name="${name}"><Condition>proxy.pathsuffix MatchesPath "/${name}"</Condition><Request>${request}</Request></Flow>`;

const route = (name: string, target: string): string =>
  `<RouteRule name="${name}"><Condition>proxy.pathsuffix MatchesPath "/${name}"</Condition>${target}</RouteRule>`;

const target = (name: string, url: string, timeout: number): string =>
  `<TargetEndpoint name="${name}"><DefaultFaultRule name="all"><Step><Name>Mark</Name></Step></DefaultFaultRule>
  <HTTPTargetConnection><URL>${url}</URL><Properties><Property name="io.timeout.millis">${timeout}</Property></Properties></HTTPTargetConnection></TargetEndpoint>`;

const callout = (name: string, url: string, attributes = ''): string =>
  `<ServiceCallout name="${name}"${attributes}><Request variable="${name}.request"><Set><QueryParams><QueryParam name="q">{request.queryparam.q}</QueryParam></QueryParams></Set></Request>
  <Response>${name}.response</Response><Timeout>20000</Timeout><HTTPTargetConnection><URL>${url}</URL></HTTPTargetConnection></ServiceCallout>`;

/** A proxy whose paths go well or wrong, each in its own way. */
export function soakFiles({ backEnd, nobody }: Ports): Readonly<Record<string, string>> {
  const origin = `http://127.0.0.1:${backEnd}`;
  return {
    'soak.xml': '<APIProxy name="soak" revision="1"/>',
    'proxies/default.xml': `<ProxyEndpoint name="default">
      <DefaultFaultRule name="all">${steps('Mark')}</DefaultFaultRule>
      <PreFlow><Request>${steps('Count')}</Request></PreFlow>
      <Flows>
        ${flow('place', steps('Ask', 'Tell'))}
        ${flow('raised', steps('Raise'))}
        ${flow('template', steps('Unresolved'))}
        ${flow('lenient', steps('Fail', 'Tell'))}
        ${flow('forgotten', steps('Forget'))}
      </Flows>
      <PostClientFlow><Response>${steps('Count')}</Response></PostClientFlow>
      <HTTPProxyConnection><BasePath>/v1</BasePath></HTTPProxyConnection>
      ${route('refused', '<TargetEndpoint>nobody</TargetEndpoint>')}
      ${route('late', '<TargetEndpoint>impatient</TargetEndpoint>')}
      ${route('none', '')}
      <RouteRule name="other"><TargetEndpoint>backend</TargetEndpoint></RouteRule></ProxyEndpoint>`,
    'targets/backend.xml': target('backend', origin, 20_000),
    'targets/impatient.xml': target('impatient', origin, 60),
    'targets/nobody.xml': target('nobody', `http://127.0.0.1:${nobody}`, 20_000),
    'policies/Ask.xml': callout('Ask', `${origin}/place`),
    'policies/Fail.xml': callout(
      'Fail',
      `http://127.0.0.1:${nobody}/place`,
      ' continueOnError="true"',
    ),
    'policies/Forget.xml': callout('Forget', `${origin}/reset`).replace(
      /<Response>.*<\/Response>/,
      '',
    ),
    'policies/Tell.xml':
      '<AssignMessage name="Tell"><Set><Headers><Header name="X-Place">{jsonPath($.results[0].address,Ask.response.content)}</Header></Headers></Set><AssignTo>request</AssignTo><IgnoreUnresolvedVariables>true</IgnoreUnresolvedVariables></AssignMessage>',
    'policies/Unresolved.xml':
      '<AssignMessage name="Unresolved"><Set><Headers><Header name="X-Nothing">{nobody.set.this}</Header></Headers></Set><AssignTo>request</AssignTo></AssignMessage>',
    'policies/Raise.xml':
      '<RaiseFault name="Raise"><FaultResponse><Set><StatusCode>418</StatusCode><Payload contentType="application/json">{"id":"{messageid}"}</Payload></Set></FaultResponse></RaiseFault>',
    'policies/Mark.xml':
      '<AssignMessage name="Mark"><Set><Headers><Header name="X-Fault">{fault.name}</Header></Headers></Set><AssignTo>response</AssignTo><IgnoreUnresolvedVariables>true</IgnoreUnresolvedVariables></AssignMessage>',
    'policies/Count.xml':
      '<AssignMessage name="Count"><AssignVariable><Name>seen.{messageid}</Name><Template>{request.path}-{messageid}</Template></AssignVariable><IgnoreUnresolvedVariables>true</IgnoreUnresolvedVariables></AssignMessage>',
  };
}
