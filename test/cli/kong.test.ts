import { expect } from 'chai';
import { parse } from 'yaml';
import { trial } from './callout-trial.ts';
import { apx } from './streams.ts';

const plugin = (url: string, ...fields: readonly string[]): string =>
  ['plugins:', '- name: service-callout', '  config:', `    callout_url: ${url}`]
    .concat(fields.map((field) => `    ${field}`))
    .join('\n');

describe("apx callout with Kong's plugin", () => {
  it('takes the body from the variables, objects as JSON, and shows what is kept', () =>
    trial(
      async ({ file, url, calls }) => {
        const kong = await file(
          'kong.yaml',
          plugin(
            'http://up.test/a',
            'request_body_source_type: shared_context',
            'request_body_source_name: ask',
            'response_to_shared_context_key: answer',
          ),
        );
        const vars = await file('vars.json', '{"ask":{"id":7}}');
        const flags = ['--vars', vars, '--upstream', `http://up.test=${url}`, '--json'];
        const { code, stdout } = await apx(['callout', kong, ...flags]);
        expect(code).to.equal(0);
        const shown = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
        expect(shown).to.deep.include({
          policy: 'service-callout',
          type: 'service-callout',
          fault: null,
        });
        expect(shown['request']).to.deep.include({
          method: 'POST',
          url: 'http://up.test/a',
          body: '{"id":7}',
        });
        expect(shown['variables']).to.have.nested.property('answer.body.name', 'Ada');
        expect(Buffer.from(calls[0]?.body ?? []).toString()).to.equal('{"id":7}');
      },
      [{ body: '{"name":"Ada"}' }],
    ));

  it("sends the client's body, and ends with 1 and the configured answer after a failure", () =>
    trial(
      async ({ file, url, calls }) => {
        const kong = await file(
          'kong.yaml',
          plugin('http://up.test/', 'on_error_status: 502', "on_error_body: 'sorry'"),
        );
        const flags = [
          '--var',
          'request.content=hello',
          '--upstream',
          `http://up.test=${url}`,
          '--json',
        ];
        const { code, stdout } = await apx(['callout', kong, ...flags]);
        expect(code).to.equal(1);
        expect((JSON.parse(stdout) as { fault: unknown }).fault).to.deep.include({
          status: 502,
          faultstring: 'sorry',
        });
        expect(Buffer.from(calls[0]?.body ?? []).toString()).to.equal('hello');
      },
      [{ status: 500 }],
    ));

  it('sends nothing in a dry run', () =>
    trial(async ({ file, url, calls }) => {
      const kong = await file('kong.yaml', plugin('http://up.test/'));
      const flags = ['--upstream', `http://up.test=${url}`, '--dry-run'];
      const { code, stdout } = await apx(['callout', kong, ...flags]);
      expect(code).to.equal(0);
      expect(stdout).to.contain('POST http://up.test/').and.contain('dry run');
      expect(calls).to.deep.equal([]);
    }));

  it('names the field that is against the schema, and ends with 2', () =>
    trial(async ({ file }) => {
      const kong = await file('kong.yaml', plugin('http://up.test/', 'on_error_status: 200'));
      const { code, stderr } = await apx(['callout', kong]);
      expect(code).to.equal(2);
      expect(stderr).to.match(/kong\.yaml:5:5 error invalid-value "on_error_status" must be/);
    }));
});

describe('apx convert', () => {
  const policy = (header: string): string =>
    `<ServiceCallout name="SC"><Request><Set><Verb>GET</Verb><Headers>
<Header name="A">${header}</Header></Headers></Set></Request><Response>r</Response><Timeout>10000</Timeout>
<HTTPTargetConnection><URL>http://up.test/</URL></HTTPTargetConnection></ServiceCallout>`;

  it('writes a Kong configuration that says the same', () =>
    trial(async ({ file }) => {
      const xml = await file('SC.xml', policy('b'));
      const { code, stdout } = await apx(['convert', '--to', 'kong', xml, '--strict']);
      expect(code).to.equal(0);
      expect(parse(stdout)).to.deep.equal({
        _format_version: '3.0',
        plugins: [
          {
            name: 'service-callout',
            instance_name: 'SC',
            config: {
              callout_url: 'http://up.test/',
              method: 'GET',
              headers: { A: 'b' },
              request_body_source_type: 'none',
              response_to_shared_context_key: 'r',
            },
          },
        ],
      });
    }));

  it('tells what is lost with its line, and with --strict writes nothing and ends with 1', () =>
    trial(async ({ file }) => {
      const xml = await file('SC.xml', policy('{c}'));
      const lax = await apx(['convert', '--to', 'kong', xml]);
      expect(lax.code).to.equal(0);
      expect(lax.stdout).to.not.equal('');
      expect(lax.stderr).to.match(/SC\.xml:2:1 warning not-expressible The header A depends/);
      const strict = await apx(['convert', '--to', 'kong', xml, '--strict']);
      expect(strict).to.include({ code: 1, stdout: '' });
    }));

  it('writes a policy for each plugin', () =>
    trial(async ({ file }) => {
      const kong = await file('kong.yaml', plugin('http://up.test/'));
      const { code, stdout } = await apx(['convert', '--to', 'apigee', kong]);
      expect(code).to.equal(0);
      expect(stdout).to.match(/^<\?xml [^>]*>\n<ServiceCallout name="SC-service-callout"/);
    }));

  it('refuses another policy type, another system and a file that is missing with 2', () =>
    trial(async ({ file }) => {
      const xml = await file('AM.xml', '<AssignMessage name="AM"/>');
      for (const args of [
        ['--to', 'kong', xml],
        ['--to', 'tyk', xml],
        ['--to', 'kong', 'nowhere.xml'],
      ]) {
        expect((await apx(['convert', ...args])).code, args.join(' ')).to.equal(2);
      }
    }));
});
