import { expect } from 'chai';
import {
  createRuntime,
  defaultLimits,
  emptyEnvironment,
  Fault,
  parsePolicy,
  TransportError,
  type IncomingResponse,
  type Log,
  type OutgoingRequest,
  type Runtime,
  type RuntimeOptions,
  type TokenProvider,
  type GivenTransport,
} from '../../lib/index.ts';

const answer: IncomingResponse = {
  status: 200,
  reason: 'OK',
  version: '1.1',
  headers: [['content-type', 'text/plain']],
  body: Buffer.from('ok'),
};

/** A transport whose answers a test gives when it wants to. */
class HeldTransport implements GivenTransport {
  readonly requests: OutgoingRequest[] = [];
  closed = 0;
  readonly #held: ((response: IncomingResponse) => void)[] = [];

  send(request: OutgoingRequest): Promise<IncomingResponse> {
    this.requests.push(request);
    return new Promise((resolve) => this.#held.push(resolve));
  }

  release(): void {
    for (const resolve of this.#held.splice(0)) resolve(answer);
  }

  close(): Promise<void> {
    this.closed += 1;
    return Promise.resolve();
  }
}

const forgetting = policyText('');
const waiting = policyText('<Response>r</Response>');

function policyText(response: string, attributes = ''): string {
  return `<ServiceCallout name="SC"${attributes}><Request><Set><Headers><Header name="id">{id:none}</Header></Headers></Set></Request>${response}<HTTPTargetConnection><URL>http://up.test/p</URL></HTTPTargetConnection></ServiceCallout>`;
}

async function faultOf(run: () => void | Promise<void>): Promise<Fault> {
  const error = await errorOf(run);
  if (error instanceof Fault) return error;
  throw new Error('There was no fault', { cause: error });
}

async function errorOf(run: () => void | Promise<void>): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown');
}

/** Lets every promise that can settle do so. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a runtime', () => {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown) => unhandled.push(reason);
  before(() => process.on('unhandledRejection', listen));
  afterEach(async () => {
    await turn();
    await turn();
    expect(unhandled.splice(0), 'unhandled rejections').to.deep.equal([]);
  });
  after(() => process.off('unhandledRejection', listen));

  describe('closing', () => {
    it('waits for every call that no flow waits for, then closes its transport', async () => {
      const transport = new HeldTransport();
      const runtime = createRuntime({ transport });
      const compiled = runtime.compile(parsePolicy(forgetting));
      for (let nth = 0; nth < 3; nth += 1)
        expect(compiled.run(runtime.newFlow())).to.equal(undefined);
      let state = 'open';
      const closed = runtime.close().then(() => (state = 'closed'));
      await turn();
      expect(state).to.equal('open');
      expect(transport.closed).to.equal(0);
      transport.release();
      await closed;
      expect(transport).to.include({ closed: 1 });
      expect(transport.requests).to.have.length(3);
    });

    it('may happen any number of times, and at once', async () => {
      const transport = new HeldTransport();
      const runtime = createRuntime({ transport });
      void runtime.compile(parsePolicy(forgetting)).run(runtime.newFlow());
      const all = Promise.all([runtime.close(), runtime.close()]);
      await turn();
      transport.release();
      await all;
      await runtime.close();
      expect(transport.closed).to.equal(1);
    });

    it('leaves nothing behind when the transport is the real one', async () => {
      const runtime = createRuntime();
      await runtime.close();
      await runtime.close();
    });

    it('refuses a call afterwards with a fault', async () => {
      const runtime = createRuntime();
      const compiled = runtime.compile(parsePolicy(waiting));
      await runtime.close();
      const fault = await faultOf(() => compiled.run(runtime.newFlow()));
      expect(fault.code).to.equal('steps.servicecallout.ExecutionFailed');
    });
  });

  describe('calls that no flow waits for', () => {
    it('are bounded in number: one more is a fault, and room is made when one ends', async () => {
      const transport = new HeldTransport();
      const runtime = createRuntime({ transport, limits: { backgroundCalls: 2 } });
      const compiled = runtime.compile(parsePolicy(forgetting));
      await compiled.run(runtime.newFlow());
      await compiled.run(runtime.newFlow());
      const flow = runtime.newFlow();
      const fault = await faultOf(() => compiled.run(flow));
      expect(fault.faultstring).to.equal(
        'Execution of ServiceCallout SC failed. Reason: Too many callouts under way',
      );
      expect(flow.variables.get('servicecallout.SC.failed')).to.equal(true);
      expect(transport.requests).to.have.length(2);
      transport.release();
      await turn();
      await compiled.run(runtime.newFlow());
      expect(transport.requests).to.have.length(3);
      transport.release();
      await runtime.close();
    });

    it('are a thousand at most unless a limit says otherwise', () => {
      expect(defaultLimits.backgroundCalls).to.equal(1_000);
    });

    const failures: readonly (readonly [what: string, send: GivenTransport['send']])[] = [
      ['rejects with an error', () => Promise.reject(new TransportError('broken', 'cut'))],
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- Hosts may reject with anything.
      ['rejects with text', () => Promise.reject('text')],
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- Hosts may reject with anything.
      ['rejects with nothing', () => Promise.reject(undefined)],
      [
        'throws at once',
        () => {
          throw new Error('at once');
        },
      ],
    ];
    for (const [what, send] of failures) {
      it(`never disturb anybody when the transport ${what}`, async () => {
        const warned: Readonly<Record<string, unknown>>[] = [];
        const log: Log = { warn: (details) => warned.push(details), error: () => undefined };
        const transport: GivenTransport = { send, close: () => Promise.resolve() };
        const runtime = createRuntime({ transport, log });
        const flow = runtime.newFlow();
        await runtime.compile(parsePolicy(forgetting)).run(flow);
        await runtime.close();
        expect(flow.variables.get('servicecallout.SC.failed')).to.equal(false);
        expect(warned).to.have.length(1);
        expect(warned[0]).to.include({ policy: 'SC' });
      });
    }

    it('never disturb anybody when the log throws as well', async () => {
      const log: Log = {
        warn() {
          throw new Error('the disk is full');
        },
        error: () => undefined,
      };
      const transport: GivenTransport = {
        send: () => Promise.reject(new TransportError('broken', 'cut')),
        close: () => Promise.resolve(),
      };
      const runtime = createRuntime({ transport, log });
      await runtime.compile(parsePolicy(forgetting)).run(runtime.newFlow());
      await runtime.close();
    });
  });

  describe("a host's own transport and tokens", () => {
    const garbage: readonly unknown[] = [new Error('own'), 'text', undefined, null, 7, { a: 1 }];
    const authenticated = waiting.replace(
      '<URL>',
      '<Authentication><GoogleIDToken><Audience>a</Audience></GoogleIDToken></Authentication><URL>',
    );
    const ways: Readonly<Record<string, (thrown: unknown) => () => Promise<never>>> = {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- Hosts may reject with anything.
      rejects: (thrown) => () => Promise.reject(thrown),
      throws: (thrown) => () => {
        throw thrown;
      },
    };
    for (const [how, failing] of Object.entries(ways)) {
      for (const thrown of garbage) {
        it(`surface as they are when the transport ${how} with ${String(thrown)}`, async () => {
          const transport: GivenTransport = {
            send: failing(thrown),
            close: () => Promise.resolve(),
          };
          const runtime = createRuntime({ transport });
          const compiled = runtime.compile(parsePolicy(waiting));
          expect(await errorOf(() => compiled.run(runtime.newFlow()))).to.equal(thrown);
          await runtime.close();
        });

        it(`surface as they are when the tokens ${how} with ${String(thrown)}`, async () => {
          const transport = new HeldTransport();
          const tokens: TokenProvider = { accessToken: failing(thrown), idToken: failing(thrown) };
          const runtime = createRuntime({ transport, tokens });
          const compiled = runtime.compile(parsePolicy(authenticated));
          expect(await errorOf(() => compiled.run(runtime.newFlow()))).to.equal(thrown);
          expect(transport.requests).to.be.empty;
          await runtime.close();
        });
      }
    }

    it('cannot hold a callout longer than its Timeout with a token that never comes', async () => {
      const tokens: TokenProvider = {
        accessToken: () => new Promise(() => undefined),
        idToken: () => new Promise(() => undefined),
      };
      const runtime = createRuntime({ transport: new HeldTransport(), tokens });
      const policy = authenticated.replace('<Response>', '<Timeout>20</Timeout><Response>');
      // The runtime's own timers let a process end; this one keeps it alive meanwhile.
      const alive = setInterval(() => undefined, 1_000);
      const compiled = runtime.compile(parsePolicy(policy));
      const fault = await faultOf(() => compiled.run(runtime.newFlow()));
      clearInterval(alive);
      expect(fault.faultstring).to.equal(
        'Execution of ServiceCallout SC failed. Reason: timeout occurred in SC',
      );
      await runtime.close();
    });
  });

  describe('transactions', () => {
    it('2,000 at once through one compiled policy see nothing of each other', async () => {
      const count = 2_000;
      let settle: (() => void)[] = [];
      // Answers with what was asked, in any order but the one of the requests.
      const transport: GivenTransport = {
        send: ({ headers, target, body }) =>
          new Promise((resolve) => {
            const canary = headers.find(([name]) => name === 'canary')?.[1] ?? '';
            const echo = `${canary} ${target} ${Buffer.from(body ?? []).toString()}`;
            settle.push(() => {
              resolve({ ...answer, headers: [['echo', canary]], body: Buffer.from(echo) });
            });
          }),
        close: () => Promise.resolve(),
      };
      const runtime = createRuntime({ transport });
      const compiled = runtime.compile(
        parsePolicy(`<ServiceCallout name="SC"><Request><Set>
          <Headers><Header name="canary">{id}</Header></Headers>
          <QueryParams><QueryParam name="q">{id}</QueryParam></QueryParams>
          <Payload contentType="text/plain">body of {id}</Payload></Set></Request>
          <Response>r</Response>
          <HTTPTargetConnection><URL>http://up.test/{id}</URL></HTTPTargetConnection></ServiceCallout>`),
      );
      const flows = Array.from({ length: count }, (_, nth) =>
        runtime.newFlow({ variables: { id: `canary-${nth}` } }),
      );
      const runs = flows.map(async (flow) => {
        await compiled.run(flow);
      });
      while (settle.length > 0) {
        const waitingNow = settle;
        settle = [];
        // Every third first, then the rest backwards.
        for (const [nth, go] of waitingNow.entries()) if (nth % 3 === 0) go();
        await turn();
        for (const [nth, go] of [...waitingNow.entries()].reverse()) if (nth % 3 !== 0) go();
        await turn();
      }
      await Promise.all(runs);
      for (const [nth, { variables }] of flows.entries()) {
        const id = `canary-${nth}`;
        expect(variables.get('r.content')).to.equal(`${id} /${id}?q=${id} body of ${id}`);
        expect(variables.get('r.header.echo')).to.equal(id);
        expect(variables.get('servicecallout.requesturi')).to.equal(`/${id}?q=${id}`);
        expect(variables.get('servicecallout.SC.target.url')).to.equal(`http://up.test/${id}`);
        expect(variables.get('servicecallout.SC.failed')).to.equal(false);
      }
      await runtime.close();
    });

    it('have their own variables, and the same outside world', async () => {
      const options: RuntimeOptions = {
        environment: { ...emptyEnvironment, organization: 'acme', name: 'prod' },
        clock: {
          now: () => 86_400_000,
          nanoseconds: () => 0,
          after: () => ({ cancel: () => undefined }),
        },
      };
      const runtime: Runtime = createRuntime(options);
      const [one, other] = [
        runtime.newFlow({ variables: { a: 1 } }),
        runtime.newFlow({ request: { message: 'request', verb: 'PUT', path: '/x?y=1' } }),
      ];
      expect(one.variables.get('a')).to.equal(1);
      expect(other.variables.get('a')).to.equal(null);
      expect(one.variables.get('request.verb')).to.equal('GET');
      expect(other.variables.get('request.verb')).to.equal('PUT');
      expect(other.variables.get('request.queryparam.y')).to.equal('1');
      expect(one.variables.get('messageid')).not.to.equal(other.variables.get('messageid'));
      for (const { variables } of [one, other]) {
        expect(variables.get('organization.name')).to.equal('acme');
        expect(variables.get('environment.name')).to.equal('prod');
        expect(variables.get('system.timestamp')).to.equal(86_400_000);
      }
      await runtime.close();
    });
  });
});
