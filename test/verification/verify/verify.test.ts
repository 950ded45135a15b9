import { createServer as createRawServer, type AddressInfo } from 'node:net';
import { access, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { gate } from '../../support/gate.ts';
import { apx } from '../../cli/streams.ts';
import {
  candidate,
  faithful,
  freePort,
  inFolder,
  rawCandidate,
  verified,
  writeBundle,
  type Verified,
  type VerifyTrial,
} from './candidate.ts';

interface Report {
  readonly summary: Readonly<Record<string, number>>;
  readonly suites: readonly {
    readonly cases: readonly {
      readonly name: string;
      readonly outcome: string;
      readonly reason?: string;
      readonly differences?: readonly {
        readonly at: string;
        readonly interpreter?: unknown;
        readonly candidate?: unknown;
        readonly note?: string;
        readonly tolerated: string | null;
      }[];
    }[];
  }[];
}

async function report(trial: VerifyTrial): Promise<{ run: Verified; report: Report }> {
  const run = await verified({ ...trial, arguments: ['--json', ...(trial.arguments ?? [])] });
  return { run, report: JSON.parse(run.stdout) as Report };
}

/** Places that differ, and whether they are tolerated. */
async function places(trial: VerifyTrial): Promise<readonly string[]> {
  const all = await report(trial);
  const differences = all.report.suites.flatMap(({ cases }) =>
    cases.flatMap((one) => one.differences ?? []),
  );
  return differences.map(({ at, tolerated }) => (tolerated === null ? at : `${at} (${tolerated})`));
}

describe('apx verify', function () {
  this.timeout(20_000);

  it('ends with 0 when the candidate does the same', async () => {
    const { code, stdout, stderr } = await verified({ candidate: faithful() });
    expect(stderr).to.equal('');
    expect(stdout).to.contain('1 same, 0 different');
    expect(code).to.equal(0);
  });

  it('finds another order of JSON members, other spelling of headers and more digits the same', async () => {
    const body = () => '{ "name": "lamp", "id": 7.0 }';
    const headers = { 'Content-Type': 'Application/JSON', Server: 'new', 'x-powered-by': 'me' };
    expect(await places({ candidate: faithful({ body, headers }) })).to.deep.equal([]);
  });

  it('finds a wrong status, and ends with 1', async () => {
    const { run, report: found } = await report({ candidate: faithful({ status: 201 }) });
    expect(run.code).to.equal(1);
    expect(found.summary).to.include({ same: 0, different: 1 });
    expect(found.suites[0]?.cases[0]?.differences).to.deep.equal([
      { at: 'response.status', interpreter: 200, candidate: 201, tolerated: null },
    ]);
  });

  it('finds wrong headers, one too many, and cookies by their name', async () => {
    const headers = { 'x-kind': 'thing', 'x-more': '1', 'set-cookie': ['a=1; Path=/', 'b=2'] };
    expect(await places({ candidate: faithful({ headers }) })).to.deep.equal([
      'response.headers.set-cookie[a]',
      'response.headers.set-cookie[b]',
      'response.headers.x-kind',
      'response.headers.x-more',
    ]);
  });

  it('names each member of a body that differs', async () => {
    const body = () => '{"id":8,"name":"lamp","more":null}';
    expect(await places({ candidate: faithful({ body }) })).to.deep.equal([
      'response.body $.id',
      'response.body $.more',
    ]);
  });

  it('tells apart integers that JavaScript cannot', async () => {
    const wrong = (text: string) => text.replace('18446744073709551615', '18446744073709551614');
    const answer = (text: string) => ({
      suite: { upstreams: { 'https://items.example': { body: text } } },
    });
    const text = '{"id":18446744073709551615}';
    expect(await places({ ...answer(text), candidate: faithful() })).to.deep.equal([]);
    const found = await report({ ...answer(text), candidate: faithful({ body: wrong }) });
    expect(found.report.suites[0]?.cases[0]?.differences?.[0]).to.include({
      interpreter: '18446744073709551615',
      candidate: '18446744073709551614',
    });
  });

  it('finds a call too many, also one that comes after the answer, and one that is missing', async () => {
    expect(await places({ candidate: faithful({ calls: 2 }) })).to.deep.equal(['calls[1]']);
    expect(await places({ candidate: faithful({ calls: 0 }) })).to.deep.equal(['calls[0]']);
    const late: VerifyTrial['candidate'] = (service) =>
      candidate((_request, response) => {
        const init = { method: 'POST', body: '{"id":"7"}' };
        const typed = { ...init, headers: { 'content-type': 'application/json' } };
        void fetch(`${service}/find`, typed)
          .then((answer) => answer.text())
          .then((text) => {
            response.writeHead(200, { 'content-type': 'application/json', 'x-kind': 'item' });
            response.end(text, () => void fetch(`${service}/log`, init).catch(() => undefined));
          });
      });
    expect(await places({ candidate: late })).to.deep.equal(['calls[1]']);
  });

  it('finds what is wrong inside a call', async () => {
    const sent = '{"id":7}';
    expect(await places({ candidate: faithful({ sent }) })).to.deep.equal(['calls[0].body $.id']);
  });

  it('reports what the suite tolerates, and ends with 0', async () => {
    const trial: VerifyTrial = {
      suite: { tolerate: { headers: ['X-Kind'], json: ['$.name'] } },
      candidate: faithful({
        headers: { 'x-kind': 'thing' },
        body: () => '{"id":7,"name":"desk"}',
      }),
    };
    expect(await places(trial)).to.deep.equal([
      'response.headers.x-kind (headers: x-kind)',
      'response.body $.name (json: $.name)',
    ]);
    const { code, stdout } = await verified(trial);
    expect(code).to.equal(0);
    expect(stdout).to.contain('2 tolerated differences');
    expect(stdout).to.contain('(tolerated by json: $.name)');
  });

  it('compares times only where the suite says how far they may differ', async () => {
    const slow: VerifyTrial['candidate'] = async (service) => {
      const real = await faithful()(service);
      const front = await candidate((_request, response) => {
        setTimeout(() => {
          void fetch(real.url).then(async (answer) => {
            const headers = { 'content-type': 'application/json', 'x-kind': 'item' };
            response.writeHead(200, headers).end(await answer.text());
          });
        }, 600);
      });
      return {
        url: front.url,
        async close() {
          await front.close();
          await real.close();
        },
      };
    };
    expect(await places({ candidate: slow })).to.deep.equal([]);
    const suite = { tolerate: { time: 200 } };
    expect(await places({ candidate: slow, suite })).to.deep.equal(['response.time']);
  });

  const unanswered: Readonly<
    Record<string, { readonly candidate: VerifyTrial['candidate']; readonly says: string }>
  > = {
    hangs: {
      candidate: () => rawCandidate(() => undefined),
      says: 'it gave no whole answer within 400 ms',
    },
    'answers garbage': {
      candidate: () => rawCandidate((socket) => socket.end('SSH-2.0-nothing\r\n\r\n')),
      says: 'it answered what is no HTTP',
    },
    'gives half an answer': {
      candidate: () =>
        rawCandidate((socket) => {
          socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id"');
        }),
      says: 'the connection ended before its answer was whole',
    },
    'closes the connection': {
      candidate: () => rawCandidate((socket) => socket.destroy()),
      says: 'the connection ended before its answer was whole',
    },
  };
  for (const [name, { candidate: start, says }] of Object.entries(unanswered)) {
    it(`says so of a candidate that ${name} in a case, and ends with 1`, async () => {
      const { code, stdout } = await verified({
        candidate: start,
        arguments: ['--timeout', '400'],
      });
      expect(code).to.equal(1);
      expect(stdout).to.contain(says);
      expect(stdout).to.contain('1 unanswered');
    });
  }

  it('goes on with the next case after one without an answer', async () => {
    const one = { request: 'GET /items?id=7', expect: {} };
    let asked = 0;
    const { run, report: found } = await report({
      cases: [
        { ...one, name: 'first' },
        { ...one, name: 'second' },
      ],
      candidate: async (service) => {
        const real = await faithful()(service);
        const front = await candidate((request, response) => {
          asked += 1;
          // Of the reachability check nothing is asked.
          if (asked === 1) {
            request.socket.destroy();
            return;
          }
          void fetch(real.url).then(async (answer) => {
            const headers = { 'content-type': 'application/json', 'x-kind': 'item' };
            response.writeHead(200, headers).end(await answer.text());
          });
        });
        return { url: front.url, close: () => front.close().then(() => real.close()) };
      },
    });
    expect(run.code).to.equal(1);
    expect(found.suites[0]?.cases.map(({ outcome }) => outcome)).to.deep.equal([
      'unanswered',
      'same',
    ]);
  });

  it('does not count a late call of one case as a call of the next', async () => {
    const released = gate();
    let asked = 0;
    const one = { request: 'GET /items?id=7', expect: {} };
    const { report: found } = await report({
      cases: [
        { ...one, name: 'first' },
        { ...one, name: 'second', request: { target: '/items?id=7', after: 50 } },
      ],
      candidate: async (service) => {
        const real = await faithful()(service);
        const front = await candidate((_request, response) => {
          asked += 1;
          if (asked === 1) {
            // A call that nobody waits for, begun with the first answer.
            response.once('close', () => {
              void fetch(`${service}/log`, { method: 'POST' })
                .then(() => {
                  released.open();
                })
                .catch(() => undefined);
            });
          }
          void fetch(real.url).then(async (answer) => {
            const headers = { 'content-type': 'application/json', 'x-kind': 'item' };
            response.writeHead(200, headers).end(await answer.text());
          });
        });
        return { url: front.url, close: () => front.close().then(() => real.close()) };
      },
    });
    await released.opened;
    expect(found.suites[0]?.cases.map(({ outcome }) => outcome)).to.deep.equal([
      'different',
      'same',
    ]);
  });

  it('sends several requests of a case, and names which of them differs', async () => {
    const cases = [
      {
        name: 'twice',
        requests: ['GET /items?id=7', { method: 'HEAD', target: '/items?id=7' }],
        expect: {},
      },
    ];
    expect(await places({ cases, candidate: faithful() })).to.deep.equal([]);
    expect(await places({ cases, candidate: faithful({ status: 203 }) })).to.deep.equal([
      'responses[0].status',
      'responses[1].status',
    ]);
  });

  it('compares bodies that are no text as bytes', async () => {
    const suite = {
      upstreams: {
        'https://items.example': { body: { base64: Buffer.from([0xff, 1, 2]).toString('base64') } },
      },
    };
    const wrong: VerifyTrial['candidate'] = (service) =>
      candidate((_request, response) => {
        const headers = { 'content-type': 'application/json' };
        void fetch(`${service}/find`, { method: 'POST', headers, body: '{"id":"7"}' }).then(() => {
          response.writeHead(200, { ...headers, 'x-kind': 'item' });
          response.end(Buffer.from([0xff, 1, 3]));
        });
      });
    expect(await places({ suite, candidate: wrong })).to.deep.equal(['response.body']);
  });

  it('passes over cases of a policy alone, and needs one that can be compared', async () => {
    const cases = [{ name: 'alone', policy: '<RaiseFault name="RF"/>', expect: {} }];
    const { code, stderr } = await verified({ cases, candidate: faithful() });
    expect(code).to.equal(2);
    expect(stderr).to.contain('no case was compared');
  });

  describe('ends with 2', () => {
    const unused = () => candidate((_request, response) => response.end());

    it('when nobody listens where the candidate should be, before anything is run', async () => {
      const port = await freePort();
      const { code, stdout, stderr } = await verified({
        candidate: () =>
          Promise.resolve({
            url: `http://127.0.0.1:${port}`,
            close: () => Promise.resolve(),
          }),
      });
      expect(code).to.equal(2);
      expect(stdout).to.equal('');
      expect(stderr).to.equal(`error: --against http://127.0.0.1:${port}: nobody listens there\n`);
    });

    it('when the port of the upstreams is taken', async () => {
      const taken = createRawServer();
      await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
      const { port } = taken.address() as AddressInfo;
      try {
        const { code, stderr } = await verified({
          candidate: unused,
          arguments: ['--upstream-port', String(port)],
        });
        expect(code).to.equal(2);
        expect(stderr).to.contain(`127.0.0.1:${port}: somebody listens there already`);
      } finally {
        taken.close();
      }
    });

    it('when the bundle does not deploy', async () => {
      const { code, stdout } = await verified({ suite: { bundle: 'nothing' }, candidate: unused });
      expect(code).to.equal(2);
      expect(stdout).to.contain('1 not playable');
    });

    it('when nothing says where the candidate calls an upstream', () =>
      inFolder(async (folder) => {
        await writeBundle(folder);
        const file = path.join(folder, 'suite.json');
        const cases = [{ name: 'a', request: 'GET /items', expect: {} }];
        const upstreams = { 'https://items.example': {} };
        await writeFile(file, JSON.stringify({ bundle: '.', upstreams, cases }));
        const { code, stderr } = await apx(['verify', file, '--against', 'http://127.0.0.1:1']);
        expect(code).to.equal(2);
        expect(stderr).to.contain('nothing says where the gateway calls https://items.example');
      }));

    for (const [flag, value] of [
      ['--upstream', 'https://a.example=http://example.com:1'],
      ['--upstream-port', '0'],
      ['--timeout', 'soon'],
      ['--against', 'ftp://a'],
      ['--filter', '('],
    ] as const) {
      it(`for ${flag} ${value}`, async () => {
        const { code, stderr } = await verified({ candidate: unused, arguments: [flag, value] });
        expect(code).to.equal(2);
        expect(stderr).to.contain(flag);
      });
    }
  });

  describe('writes a report', () => {
    const hostile = '</script><script>alert(1)</script>\u001b[2J';
    const trial: VerifyTrial = {
      answer: { id: 7, name: hostile },
      candidate: faithful({ status: 202, headers: { 'x-kind': '"><img src=x>' } }),
    };

    it('as a page that loads nothing and escapes everything', () =>
      inFolder(async (folder) => {
        const output = path.join(folder, 'report.html');
        const { code, stdout } = await verified({ ...trial, arguments: ['--output', output] });
        expect(code).to.equal(1);
        expect(stdout).to.contain('1 different');
        const page = await readFile(output, 'utf8');
        expect(page).to.contain('The new gateway differs in 1 of 1 cases');
        expect(page).to.not.match(/<script|<img|<link|src=x>|https?:\/\/[^\s"<]*\.(?:js|css)/i);
        expect(page).to.contain('default-src &#39;none&#39;');
        expect(page).to.not.contain('\u001b');
        expect(await readdir(folder)).to.deep.equal(['report.html']);
      }));

    it("in JUnit's form, and on the terminal without control characters", async () => {
      const junit = await verified({ ...trial, arguments: ['--reporter', 'junit'] });
      expect(junit.stdout).to.match(/<testsuites [^>]*tests="1" failures="1" errors="0"/);
      expect(junit.stdout).to.contain('message="response.status, response.headers.x-kind"');
      const terminal = await verified(trial);
      expect(terminal.stdout).to.not.contain('\u001b');
      expect(terminal.stdout).to.contain('sent        GET /items?id=7');
    });

    it('or nothing at all where it cannot be written', () =>
      inFolder(async (folder) => {
        const output = path.join(folder, 'none/report.html');
        const { code, stderr } = await verified({ ...trial, arguments: ['--output', output] });
        expect(code).to.equal(2);
        expect(stderr).to.contain('it cannot be written');
        const isThere = await access(output).then(
          () => true,
          () => false,
        );
        expect(isThere).to.equal(false);
      }));
  });
});
