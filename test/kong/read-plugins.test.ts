import { expect } from 'chai';
import type { Diagnostic } from '../../lib/diagnostic/diagnostic.ts';
import type { KongPlugin } from '../../lib/kong/plugin.ts';
import { readKongPlugins } from '../../lib/kong/read-plugins.ts';

function read(text: string): {
  readonly plugins: readonly KongPlugin[];
  readonly found: readonly string[];
} {
  const diagnostics: Diagnostic[] = [];
  const plugins = readKongPlugins(text, 'kong.yaml', (diagnostic) => diagnostics.push(diagnostic));
  return {
    plugins,
    found: diagnostics.map(({ line, column, code, message }) =>
      [`${line}:${column}`, code, message].join(' '),
    ),
  };
}

/** Fields of a plugin's config, one a line. */
const configured = (...lines: readonly string[]): string =>
  ['name: service-callout', 'config:', ...lines.map((line) => `  ${line}`)].join('\n');

const url = 'callout_url: http://s.test/a?b=1';

describe('a Kong configuration', () => {
  it('has defaults for everything but the URL', () => {
    const { plugins, found } = read(configured(url));
    expect(found).to.deep.equal([]);
    expect(plugins).to.have.length(1);
    expect(plugins[0]).to.deep.include({
      name: 'service-callout',
      enabled: true,
      url: 'http://s.test/a?b=1',
      method: 'POST',
      headers: new Map(),
      body: { kind: 'request' },
      mode: 'wait',
      responseKey: undefined,
      onError: { status: 500, body: 'External Callout failed.' },
    });
  });

  const places: readonly [title: string, text: string, names: readonly string[]][] = [
    ['a plugin by itself', configured(url), ['service-callout']],
    ['the config of one', url, ['service-callout']],
    [
      'JSON',
      '{"name":"service-callout","config":{"callout_url":"http://s.test"}}',
      ['service-callout'],
    ],
    [
      'a list of plugins, others passed over',
      `- name: rate-limiting\n- name: service-callout\n  instance_name: one\n  config: { ${url} }`,
      ['one'],
    ],
    [
      'plugins at top level, of services and of their routes',
      `plugins: [{ name: service-callout, instance_name: global, config: { ${url} } }]
services:
  - name: s
    plugins: [{ name: service-callout, instance_name: service, config: { ${url} } }]
    routes:
      - plugins: [{ name: service-callout, instance_name: route, config: { ${url} } }]`,
      ['global', 'service', 'route'],
    ],
    [
      'several plugins without a name',
      `plugins: [{ name: service-callout, config: { ${url} } }, { name: service-callout, config: { ${url} } }]`,
      ['service-callout', 'service-callout 2'],
    ],
  ];
  for (const [title, text, names] of places) {
    it(`may be ${title}`, () => {
      const { plugins, found } = read(text);
      expect(found).to.deep.equal([]);
      expect(plugins.map(({ name }) => name)).to.deep.equal(names);
    });
  }

  it('takes null for a field that is left out', () => {
    const { plugins, found } = read(configured(url, 'method: null', 'on_error_body: ~'));
    expect(found).to.deep.equal([]);
    expect(plugins[0]?.method).to.equal('POST');
  });

  const wrong: readonly [title: string, text: string, found: readonly string[]][] = [
    [
      'no plugin of its name',
      'plugins: []',
      ['1:1 no-plugin There is no service-callout plugin in it.'],
    ],
    ['no URL', configured('method: GET'), ['3:3 missing-field "callout_url" is required.']],
    [
      'a URL of another scheme',
      configured('callout_url: ftp://s.test'),
      ['3:3 invalid-value "callout_url" must be an http or https URL.'],
    ],
    [
      "another plugin's name for the URL",
      configured('url: http://s.test', url),
      ['3:3 unknown-field "url" is no field of this plugin; it is called "callout_url" here.'],
    ],
    [
      'a field that is none',
      configured(url, 'timeout: 3'),
      ['4:3 unknown-field "timeout" is no field of this plugin.'],
    ],
    [
      'a method that is not allowed',
      configured(url, 'method: TRACE'),
      ['4:3 invalid-value "method" has a value that is not allowed.'],
    ],
    [
      'a status below 400',
      configured(url, 'on_error_status: 399'),
      ['4:3 invalid-value "on_error_status" must be a whole number from 400 to 599.'],
    ],
    [
      'a status above 599',
      configured(url, 'on_error_status: 600'),
      ['4:3 invalid-value "on_error_status" must be a whole number from 400 to 599.'],
    ],
    [
      'a text for a number',
      configured(url, "on_error_status: '500'"),
      ['4:3 invalid-value "on_error_status" must be a whole number from 400 to 599.'],
    ],
    [
      'a text for a flag',
      configured(url, "wait_for_response: 'no'"),
      ['4:3 invalid-value "wait_for_response" must be true or false.'],
    ],
    [
      'the shared context without a key',
      configured(url, 'request_body_source_type: shared_context'),
      [
        '4:3 missing-field "request_body_source_name" is required with request_body_source_type shared_context.',
      ],
    ],
    [
      'a header that breaks its line',
      configured(url, 'headers: { X-A: "a\\r\\nX-B: b" }'),
      ['4:14 invalid-value The header "X-A" holds a line break.'],
    ],
    [
      'a header name that is none',
      configured(url, 'headers: { "X A": a }'),
      ['4:14 invalid-value "X A" is no header name.'],
    ],
    [
      'a config that is a text',
      'name: service-callout\nconfig: x',
      ['2:1 invalid-value "config" must hold named fields.'],
    ],
    [
      'no YAML',
      'a: [',
      [
        '1:5 malformed-document Flow sequence in block collection must be sufficiently indented and end with a ]',
      ],
    ],
  ];
  for (const [title, text, expected] of wrong) {
    it(`is refused with its place for ${title}`, () => {
      const { plugins, found } = read(text);
      expect(found).to.deep.equal(expected);
      expect(plugins).to.deep.equal([]);
    });
  }

  it('may use names such as __proto__ without touching anything', () => {
    const { plugins } = read(configured(url, 'headers: { __proto__: a, constructor: b }'));
    expect([...(plugins[0]?.headers ?? [])]).to.deep.equal([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(({} as Record<string, unknown>)['a']).to.equal(undefined);
  });
});
