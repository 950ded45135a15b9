import { expect } from 'chai';
import {
  fixedTokenProvider,
  Message,
  TokenError,
  type RuntimeOptions,
} from '../../../lib/index.ts';
import type { Answer } from '../../support/upstream.ts';
import { startCalloutService } from './callout-service.ts';

interface Failure {
  readonly what: string;
  readonly request?: string;
  readonly connection?: string;
  readonly timeout?: string;
  readonly answer?: Answer;
  readonly options?: RuntimeOptions;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly name?: string;
  readonly reason: string;
}

const failed = (reason: string) => `Execution of ServiceCallout SC failed. Reason: ${reason}`;
const http = (inside: string) => `<HTTPTargetConnection>${inside}</HTTPTargetConnection>`;
const url = '<URL>http://up.test/</URL>';
const accessToken = `<Authentication><GoogleAccessToken><Scopes><Scope>s</Scope></Scopes></GoogleAccessToken></Authentication>${url}`;
const idToken = `<Authentication><GoogleIDToken><Audience ref="nothing"/></GoogleIDToken></Authentication>${url}`;
const refusing = () => Promise.reject(new TokenError('refused', 'no'));

const failures: readonly Failure[] = [
  {
    what: 'a status',
    answer: { status: 404 },
    reason: failed('ResponseCode 404 is treated as error'),
  },
  {
    what: 'a timeout',
    timeout: '<Timeout>30</Timeout>',
    answer: { failure: 'hang' },
    reason: failed('timeout occurred in SC'),
  },
  {
    what: 'a service that refuses',
    connection: http('<URL>http://127.0.0.1:1/</URL>'),
    reason: failed('Host not reachable'),
  },
  {
    what: 'a malformed URL',
    connection: http('<URL>{u}</URL>'),
    variables: { u: 'nowhere' },
    reason: failed('Host not reachable'),
  },
  {
    what: 'an answer that breaks off',
    answer: { failure: 'cut' },
    reason: failed('Unexpected EOF at target'),
  },
  {
    what: 'a connection that is reset',
    answer: { failure: 'reset' },
    reason: failed('Unexpected EOF at target'),
  },
  {
    what: 'an answer that is not what its coding says',
    answer: { headers: { 'Content-Encoding': 'gzip' }, body: 'plain' },
    reason: failed('Decompression failure at response'),
  },
  {
    what: 'a header that would split',
    request: '<Request><Set><Headers><Header name="a">{u}</Header></Headers></Set></Request>',
    variables: { u: 'a\r\nb: c' },
    reason: failed('Invalid characters in request'),
  },
  {
    what: 'an unresolved variable',
    request: '<Request><Set><Path>{nothing}</Path></Set></Request>',
    name: 'UnresolvedVariable',
    reason: 'Unresolved variable : nothing',
  },
  {
    what: 'a Copy from nothing',
    request: '<Request><Copy source="nothing"/></Request>',
    name: 'UnresolvedVariable',
    reason: 'Unresolved variable : nothing',
  },
  {
    what: 'a Copy from text',
    request: '<Request><Copy source="u"/></Request>',
    variables: { u: 'text' },
    name: 'VariableOfNonMsgType',
    reason: 'ServiceCallout[SC]: value of variable u is not of type Message',
  },
  {
    what: 'a request variable that is text',
    request: '<Request variable="u"/>',
    variables: { u: 'text' },
    name: 'RequestVariableNotMessageType',
    reason: 'ServiceCallout[SC]: request variable u value is not of type Message',
  },
  {
    what: 'a request variable that is a response',
    request: '<Request variable="u"/>',
    variables: { u: new Message('response') },
    name: 'RequestVariableNotRequestMessageType',
    reason: 'ServiceCallout[SC]: request variable u value is not of type Request Message',
  },
  {
    what: 'a token that is refused',
    connection: http(accessToken),
    options: { tokens: { accessToken: refusing, idToken: refusing } },
    name: 'GoogleTokenGenerationFailure',
    reason: 'Failed to generate Google token for ServiceCallout SC',
  },
  {
    what: 'an empty audience',
    connection: http(idToken),
    options: { tokens: fixedTokenProvider('T') },
    name: 'EmptyIDTokenAudience',
    reason: 'ServiceCallout[SC]: ID token audience is empty',
  },
  {
    what: 'a proxy that is not there',
    connection: '<LocalTargetConnection><Path>/none</Path></LocalTargetConnection>',
    reason: failed('Host not reachable'),
  },
];

describe('continueOnError of a ServiceCallout', () => {
  for (const failure of failures) {
    const { what, request = '', connection = http(url), timeout = '', reason } = failure;
    const name = failure.name ?? 'ExecutionFailed';
    const policy = (attribute: string) =>
      `<ServiceCallout name="SC"${attribute}>${request}<Response>r</Response>${timeout}${connection}</ServiceCallout>`;

    it(`lets the flow go on after ${what}, and without it the flow fails`, async () => {
      const service = await startCalloutService([failure.answer ?? {}], failure.options);
      try {
        const goesOn = await service.run(policy(' continueOnError="true"'), failure.variables);
        expect(goesOn.fault).to.equal(undefined);
        const { variables } = goesOn.flow;
        expect(variables.get('servicecallout.SC.failed')).to.equal(true);
        expect(variables.get('fault.name')).to.equal(name);
        expect(variables.get('fault.reason')).to.equal(reason);
        expect(variables.get('is.error')).to.equal(false);
        expect(variables.get('error.message')).to.equal(null);
        expect(variables.get('error.content')).to.equal(null);

        const stops = await service.run(policy(''), failure.variables);
        expect(stops.fault).to.include({ name, faultstring: reason, status: 500 });
        expect(stops.flow.variables.get('servicecallout.SC.failed')).to.equal(true);
        expect(stops.flow.variables.get('fault.name')).to.equal(name);
        expect(stops.flow.variables.get('is.error')).to.equal(true);
        expect(stops.flow.variables.get('error.message')).to.equal(reason);
        expect(stops.flow.variables.get('error.status.code')).to.equal(500);
      } finally {
        await service.close();
      }
    });
  }

  it('is not asked when the policy is not enabled', async () => {
    const service = await startCalloutService();
    const text = `<ServiceCallout name="SC" enabled="false"><Request variable="u"/><Response>r</Response>${http(url)}</ServiceCallout>`;
    const { flow, fault } = await service.run(text, { u: 'text' });
    await service.close();
    expect(fault).to.equal(undefined);
    expect(service.calls).to.be.empty;
    for (const name of [
      'r',
      'fault.name',
      'servicecallout.SC.failed',
      'servicecallout.requesturi',
    ]) {
      expect(flow.variables.get(name), name).to.equal(null);
    }
  });
});
