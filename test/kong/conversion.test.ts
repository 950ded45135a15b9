import { expect } from 'chai';
import fc from 'fast-check';
import { toApigee } from '../../lib/kong/conversion/to-apigee.ts';
import { toKong } from '../../lib/kong/conversion/to-kong.ts';
import { callMethods, type KongPlugin } from '../../lib/kong/plugin.ts';
import { readKongPlugins } from '../../lib/kong/read-plugins.ts';
import { parsePolicy } from '../../lib/policies/read-policy.ts';
import type { ServiceCalloutPolicy } from '../../lib/policies/service-callout/grammar.ts';
import { runPlugin, runPolicy, type Client, type ServiceAnswer } from './both-forms.ts';

function pluginOf(text: string): KongPlugin {
  const [plugin] = readKongPlugins(text, 'kong.yaml', ({ message }) => {
    throw new Error(message);
  });
  if (plugin === undefined) throw new Error('There is no plugin.');
  return plugin;
}

function policyOf(xml: string): ServiceCalloutPolicy {
  const policy = parsePolicy(xml, { file: 'SC.xml' });
  if (policy.type !== 'ServiceCallout') throw new Error(policy.type);
  return policy;
}

const losses = (found: readonly { readonly severity: string; readonly message: string }[]) =>
  found.filter(({ severity }) => severity === 'warning').map(({ message }) => message);

const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,7}$/);
const safeText = fc
  .string({ unit: 'grapheme-ascii', maxLength: 20 })
  .map((text) => text.replace(/[{}\\]/g, '').trim());
const ownHeader = word.map((name) => `X-${name}`);
const path = fc.array(fc.stringMatching(/^[a-z0-9._~-]{1,6}$/), { maxLength: 3 });

const config = fc
  .record({
    callout_url: fc
      .tuple(
        fc.constantFrom('http://s.test', 'https://s.test:8443'),
        path,
        fc.constantFrom('', '?a=1', '?a=1&b=x%20y'),
      )
      .map(([origin, parts, query]) => `${origin}/${parts.join('/')}${query}`),
    method: fc.constantFrom(...callMethods),
    headers: fc.dictionary(
      ownHeader,
      safeText.filter((text) => text !== ''),
      { maxKeys: 3 },
    ),
    body: fc.constantFrom(
      { request_body_source_type: 'request_body' },
      { request_body_source_type: 'none' },
      { request_body_source_type: 'shared_context', request_body_source_name: 'shared.body' },
    ),
    wait_for_response: fc.boolean(),
    key: fc.option(
      word.map((name) => ({ response_to_shared_context_key: `r${name}` })),
      { nil: {} },
    ),
    on_error_continue: fc.boolean(),
  })
  .map(({ body, key, ...rest }) => ({ ...rest, ...body, ...key }));

const client: fc.Arbitrary<Client> = fc.record({
  body: fc.string({ unit: 'grapheme' }),
  values: fc.constantFrom({}, { 'shared.body': 'from before' }, { 'shared.body': '{"a":"{b}"}' }),
});

const answer: fc.Arbitrary<ServiceAnswer> = fc.option(
  fc.record({
    status: fc.constantFrom(200, 201, 204, 302, 400, 404, 500, 599),
    headers: fc.constantFrom([], [['Content-Type', 'text/plain'] as const]),
    body: fc.constantFrom('', 'text', '{"a":1}'),
  }),
  { nil: undefined },
);

describe('converting between Kong and Apigee', () => {
  it('makes of a plugin without losses a policy that does the same', async () => {
    await fc.assert(
      fc.asyncProperty(config, client, answer, async (fields, from, service) => {
        const plugin = pluginOf(JSON.stringify({ name: 'service-callout', config: fields }));
        const { xml, diagnostics } = toApigee(plugin);
        fc.pre(losses(diagnostics).length === 0);
        const one = await runPlugin(plugin, from, service);
        const other = await runPolicy(policyOf(xml), from, service);
        expect({ ...other, kept: kept(other.kept, plugin) }).to.deep.equal(one);
      }),
      { numRuns: 300 },
    );
  });

  it('makes of that policy the same plugin again', () => {
    fc.assert(
      fc.property(config, (fields) => {
        const plugin = pluginOf(JSON.stringify({ name: 'service-callout', config: fields }));
        const there = toApigee(plugin);
        fc.pre(losses(there.diagnostics).length === 0);
        const back = toKong(policyOf(there.xml));
        expect(losses(back.diagnostics)).to.deep.equal([]);
        const { url, method, headers, body, mode } = pluginOf(back.yaml);
        expect({ url, method, body, mode }).to.deep.equal({
          url: plugin.url,
          method: plugin.method,
          body: plugin.body,
          mode: plugin.mode,
        });
        expect([...headers]).to.deep.equal([...plugin.headers]);
      }),
    );
  });

  const lossesToKong: readonly [what: string, inside: string, line: number, message: string][] = [
    [
      'a header with a variable',
      '<Request><Set><Headers>\n<Header name="A">{request.header.b}</Header></Headers></Set></Request>',
      2,
      'The header A depends on variables; headers of the plugin are fixed.',
    ],
    [
      'a query parameter with a variable',
      '<Request><Set><QueryParams>\n<QueryParam name="A">{b}</QueryParam></QueryParams></Set></Request>',
      2,
      'The query parameter A depends on variables; the URL of the plugin is fixed.',
    ],
    [
      'a form',
      '<Request><Set>\n<FormParams><FormParam name="A">b</FormParam></FormParams></Set></Request>',
      2,
      'The plugin cannot make a form.',
    ],
    [
      'a payload of its own',
      '<Request><Set>\n<Payload>{"a":1}</Payload></Set><IgnoreUnresolvedVariables>true</IgnoreUnresolvedVariables></Request>',
      2,
      'The plugin cannot write a body of its own; it sends what kong.ctx.shared["SC-body"] holds.',
    ],
    [
      'a copied header',
      '<Request>\n<Copy source="request"><Headers><Header name="A"/></Headers></Copy></Request>',
      2,
      'Copy from request takes parts of another message, which the plugin cannot.',
    ],
    [
      'another timeout',
      '\n<Timeout>3000</Timeout>',
      2,
      'The plugin gives up after 10 s, the policy after 3 s.',
    ],
  ];
  for (const [what, inside, line, message] of lossesToKong) {
    it(`tells that Kong cannot express ${what}, with its line`, () => {
      const timeout = inside.includes('Timeout') ? '' : '<Timeout>10000</Timeout>';
      const xml = `<ServiceCallout name="SC">${inside}<Response>r</Response>${timeout}<HTTPTargetConnection><URL>http://s.test</URL></HTTPTargetConnection></ServiceCallout>`;
      const { diagnostics } = toKong(policyOf(xml));
      const found = diagnostics.filter(({ severity }) => severity === 'warning');
      expect(found.map((one) => [one.line, one.message])).to.deep.equal([[line, message]]);
    });
  }

  const connections: readonly [what: string, connection: string, message: string][] = [
    [
      'load balancing',
      '<HTTPTargetConnection><LoadBalancer><Server name="a"/></LoadBalancer></HTTPTargetConnection>',
      'The plugin needs a fixed URL: it knows no target servers and no local proxies.',
    ],
    [
      'a templated URL',
      '<HTTPTargetConnection><URL>http://{h}/a</URL></HTTPTargetConnection>',
      'The URL depends on variables; that of the plugin is fixed.',
    ],
    [
      'success codes',
      '<HTTPTargetConnection><Properties><Property name="success.codes">2xx</Property></Properties><URL>http://s.test</URL></HTTPTargetConnection>',
      'The plugin has no setting like the property success.codes.',
    ],
    [
      'Google tokens',
      '<HTTPTargetConnection><Authentication><GoogleAccessToken><Scopes><Scope>s</Scope></Scopes></GoogleAccessToken></Authentication><URL>https://s.googleapis.com</URL></HTTPTargetConnection>',
      'The plugin has nothing that is like authentication of the connection.',
    ],
  ];
  for (const [what, connection, message] of connections) {
    it(`tells that Kong cannot express ${what}`, () => {
      const xml = `<ServiceCallout name="SC"><Response>r</Response><Timeout>10000</Timeout>${connection}</ServiceCallout>`;
      expect(losses(toKong(policyOf(xml)).diagnostics)).to.include(message);
    });
  }

  const lossesToApigee: readonly [what: string, line: string, message: string][] = [
    ['a status', 'on_error_status: 502', 'A failed callout answers with 500, not with 502.'],
    [
      'a body',
      'on_error_body: no',
      "A failed callout answers with Apigee's own fault, not with on_error_body.",
    ],
    [
      'braces in a header',
      'headers: { A: "{b}" }',
      'The header A holds braces, which Apigee replaces by a variable.',
    ],
  ];
  for (const [what, line, message] of lossesToApigee) {
    it(`tells that Apigee cannot express ${what}, with its line`, () => {
      const text = `name: service-callout\nconfig:\n  callout_url: http://s.test\n  ${line.replace('body: no', "body: 'no'")}`;
      const { diagnostics } = toApigee(pluginOf(text));
      const found = diagnostics.filter(({ severity }) => severity === 'warning');
      expect(found.map((one) => [one.file, one.line, one.message])).to.deep.equal([
        ['kong.yaml', 4, message],
      ]);
    });
  }
});

/** The policy keeps its response in a variable of its own even where the plugin keeps none. */
function kept<Kept>(found: Kept, { responseKey }: KongPlugin): Kept | undefined {
  return responseKey === undefined ? undefined : found;
}
