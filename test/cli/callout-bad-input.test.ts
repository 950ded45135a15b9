import { chmod, mkdir, truncate } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { calloutPolicy, trial, type Trial } from './callout-trial.ts';
import { apx } from './streams.ts';

/** What the command line is, given a policy that would run, and the line that it earns. */
interface Misuse {
  readonly what: string;
  readonly argv: (trial: Trial, policy: string) => Promise<readonly string[]> | readonly string[];
  readonly line: RegExp;
}

const misuses: readonly Misuse[] = [
  {
    what: 'an unknown subcommand',
    argv: () => ['calout'],
    line: /^error: unknown command 'calout' \(Did you mean callout\?\)$/,
  },
  {
    what: 'no policy',
    argv: () => ['callout'],
    line: /^error: missing required argument 'policy\.xml'$/,
  },
  {
    what: 'two policies',
    argv: (_, policy) => ['callout', policy, policy],
    line: /^error: too many arguments/,
  },
  {
    what: 'an unknown flag',
    argv: (_, policy) => ['callout', policy, '--jsn'],
    line: /^error: unknown option '--jsn' \(Did you mean --json\?\)$/,
  },
  {
    what: 'an unknown flag with control characters',
    argv: (_, policy) => ['callout', policy, '--\x1b[31m\n'],
    line: /^error: unknown option '--\\u001b\[31m/,
  },
  {
    what: 'a flag without its value',
    argv: (_, policy) => ['callout', policy, '--var'],
    line: /^error: option '--var <NAME=VALUE>' argument missing$/,
  },
  {
    what: '--var without =',
    argv: (_, policy) => ['callout', policy, '--var', 'x'],
    line: /^error: --var x: write it as NAME=VALUE$/,
  },
  {
    what: '--var without a name',
    argv: (_, policy) => ['callout', policy, '--var', '=x'],
    line: /^error: --var =x: write it as NAME=VALUE$/,
  },
  {
    what: '--upstream without =',
    argv: (_, policy) => ['callout', policy, '--upstream', 'http://a'],
    line: /^error: --upstream http:\/\/a: write it as ORIGIN=URL$/,
  },
  {
    what: '--upstream to what is no URL',
    argv: (_, policy) => ['callout', policy, '--upstream', 'http://a=b'],
    line: /^error: --upstream http:\/\/a=b: "b" is no http or https URL$/,
  },
  {
    what: '--upstream to another protocol',
    argv: (_, policy) => ['callout', policy, '--upstream', 'http://a=ftp://b'],
    line: /"ftp:\/\/b" is no http or https URL$/,
  },
  {
    what: '--upstream from more than an origin',
    argv: (_, policy) => ['callout', policy, '--upstream', 'http://a/b=http://c'],
    line: /^error: --upstream: "http:\/\/a\/b" is no origin/,
  },
  {
    what: '--local that is no URL',
    argv: (_, policy) => ['callout', policy, '--local', 'here'],
    line: /^error: --local here: "here" is no http or https URL$/,
  },
  {
    what: 'a policy that is not there',
    argv: ({ folder }) => ['callout', join(folder, 'none.xml')],
    line: /none\.xml: there is no such file$/,
  },
  {
    what: 'a policy below a file',
    argv: (_, policy) => ['callout', join(policy, 'x.xml')],
    line: /x\.xml: there is no such file$/,
  },
  {
    what: 'a folder as policy',
    argv: ({ folder }) => ['callout', folder],
    line: /: it is a folder$/,
  },
  {
    what: 'a policy whose name holds a NUL',
    argv: () => ['callout', 'a\0b'],
    line: /^error: a\\u0000b: it cannot be read \(ERR_INVALID_ARG_VALUE\)$/,
  },
  {
    what: '--vars that are not there',
    argv: (_, policy) => ['callout', policy, '--vars', 'none.json'],
    line: /^error: --vars none\.json: there is no such file$/,
  },
  {
    what: '--vars that are a folder',
    argv: ({ folder }, policy) => ['callout', policy, '--vars', folder],
    line: /: it is a folder$/,
  },
  {
    what: '--vars that are no JSON',
    argv: async ({ file }, policy) => [
      'callout',
      policy,
      '--vars',
      await file('v.json', '{"a":\n\x1b[31m}'),
    ],
    line: /^error: --vars .*v\.json: not JSON: /,
  },
  {
    what: '--vars that are random bytes',
    argv: async ({ file }, policy) => [
      'callout',
      policy,
      '--vars',
      await file('v.json', randomBytes(500)),
    ],
    line: /^error: --vars .*v\.json: not JSON: /,
  },
  {
    what: '--vars that are a list',
    argv: async ({ file }, policy) => ['callout', policy, '--vars', await file('v.json', '[1]')],
    line: /: write a JSON object of variable names and values$/,
  },
  {
    what: '--vars nested 200,000 deep',
    argv: async ({ file }, policy) => [
      'callout',
      policy,
      '--vars',
      await file('v.json', `{"a":${'['.repeat(2e5)}${']'.repeat(2e5)}}`),
    ],
    line: /^error: --vars: a value is nested too deeply$/,
  },
  {
    what: 'a message with an impossible status',
    argv: async ({ file }, policy) => [
      'callout',
      policy,
      '--vars',
      await file('v.json', '{"q":{"message":"response","statusCode":"many"}}'),
    ],
    line: /^error: q: "statusCode" is "many"; write a number from 100 to 999\.$/,
  },
  {
    what: 'a message whose headers are a list',
    argv: async ({ file }, policy) => [
      'callout',
      policy,
      '--vars',
      await file('v.json', '{"q":{"message":"request","headers":["a"]}}'),
    ],
    line: /^error: q: "headers" holds \["a"\]; write an object/,
  },
  {
    what: '--env that is not there',
    argv: (_, policy) => ['callout', policy, '--env', 'none'],
    line: /^none:1:1 error environment-not-found /,
  },
  {
    what: '--env that is no environment',
    argv: (_, policy) => ['callout', policy, '--env', policy],
    line: /SC-ok\.xml:1:1 error invalid-value /,
  },
  {
    what: 'an empty policy',
    argv: async ({ file }) => ['callout', await file('e.xml', '')],
    line: /e\.xml:1:1 error xml-no-root /,
  },
  {
    what: 'a policy of another type',
    argv: async ({ file }) => ['callout', await file('e.xml', '<Nonsense/>')],
    line: /e\.xml:1:1 error unknown-policy-type /,
  },
  {
    what: 'a name with control characters',
    argv: async ({ file }) => [
      'callout',
      await file('e.xml', calloutPolicy({}).replace('"SC"', '"S\u009b31mC"')),
    ],
    line: /e\.xml:1:\d+ error illegal-name .*S\\u009b31mC/,
  },
];

describe('apx callout with bad input', () => {
  for (const { what, argv, line } of misuses) {
    it(`says in one line what is wrong with ${what}, and exits with 2`, () =>
      trial(async (files) => {
        const policy = await files.file('SC-ok.xml', calloutPolicy({}));
        const { code, stdout, stderr } = await apx(await argv(files, policy));
        expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
        expect(stderr).to.match(/^[^\n]+\n$/);
        expect(stderr.trimEnd()).to.match(line);
        expect(files.calls).to.be.empty;
      }));
  }

  it('says that a folder without permission may not be read', async function () {
    // A superuser may read everything.
    if (process.getuid?.() === 0) return;
    await trial(async ({ folder }) => {
      const closed = join(folder, 'closed');
      await mkdir(closed);
      await chmod(closed, 0);
      const { code, stderr } = await apx(['callout', join(closed, 'SC.xml')]);
      await chmod(closed, 0o700);
      expect(code).to.equal(2);
      expect(stderr).to.match(/: it may not be read\n$/);
    });
  });

  it('turns down a policy that is far too long', () =>
    trial(async ({ file }) => {
      const long = await file('long.xml', '<a>');
      await truncate(long, 11 * 1024 * 1024);
      const tooLong = await apx(['callout', long]);
      expect(tooLong.code).to.equal(2);
      expect(tooLong.stderr).to.match(/^\S+long\.xml:1:1 error xml-document-too-long [^\n]+\n$/);

      await truncate(long, 5 * 1024 ** 3);
      const endless = await apx(['callout', long]);
      expect(endless.code).to.equal(2);
      expect(endless.stderr).to.match(/long\.xml: it is longer than 64 MiB\n$/);
    }));

  it('ends in findings for any bytes, and with --json in one document', async () => {
    await trial(({ file }) =>
      fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
          const path = await file('any.xml', Buffer.from(bytes));
          const { code, stdout, stderr } = await apx(['callout', path, '--json']);
          expect(code).to.equal(2);
          for (const line of stderr.trimEnd().split('\n')) {
            expect(line.slice(path.length)).to.match(/^:\d+:\d+ (error|warning) \S+ \S/);
          }
          expect(JSON.parse(stdout)).to.include({ policy: null });
        }),
        { numRuns: 150 },
      ),
    );
  });

  it('runs or refuses any mutation of a policy, without an unexpected error', async () => {
    const policy = calloutPolicy({
      request: '<Request variable="q"><Set><Verb>GET</Verb></Set></Request>',
    });
    await trial(({ callout }) =>
      fc.assert(
        fc.asyncProperty(
          fc.nat(policy.length),
          fc.nat(12),
          fc.oneof(
            fc.string({ unit: 'binary', maxLength: 6 }),
            fc.constantFrom('<', '{', '"', '&', ']]>', '\0'),
          ),
          async (at, cut, put) => {
            const mutated = policy.slice(0, at) + put + policy.slice(at + cut);
            const { code, stderr, stdout } = await callout(mutated, '--json', '--dry-run');
            expect(code).to.be.oneOf([0, 1, 2]);
            expect(stderr).not.to.include('unexpected');
            expect(JSON.parse(stdout)).to.have.property('variables');
          },
        ),
        { numRuns: 200 },
      ),
    );
  });
});
