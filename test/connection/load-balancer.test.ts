import { expect } from 'chai';
import fc from 'fast-check';
import {
  createLoadBalancer,
  resolveTargetServers,
  type BalancedServer,
  type LoadBalancerSettings,
  type ServerPick,
} from '../../lib/connection/load-balancer.ts';
import type { TargetServer } from '../../lib/host/environment.ts';

const minute = 60_000;

function server(name: string, given: Partial<BalancedServer> = {}): BalancedServer {
  const target = { name, host: `${name}.test`, port: 80, isEnabled: true, protocol: 'HTTP' };
  return { server: target, weight: 1, isEnabled: true, isFallback: false, ...given };
}

function balancer(servers: readonly BalancedServer[], given: Partial<LoadBalancerSettings> = {}) {
  const clock = { time: 1_000_000, now: () => clock.time };
  const created = createLoadBalancer({
    algorithm: 'RoundRobin',
    servers,
    maxFailures: 0,
    retryEnabled: true,
    unhealthyCodes: new Set(),
    clock,
    ...given,
  });
  /** One transaction whose attempts end as `outcome` says; answers the servers it tried. */
  const transact = (outcome: (name: string) => number | 'refused'): string => {
    const tried = new Set<TargetServer>();
    const names: string[] = [];
    for (;;) {
      const pick = created.pick(tried);
      if (pick === undefined) return names.join('>') || 'none';
      tried.add(pick.server);
      names.push(pick.server.name);
      const result = outcome(pick.server.name);
      if (result === 'refused') pick.failed();
      else if (pick.answered(result) === 'healthy') return names.join('>');
    }
  };
  const transactions = (count: number, outcome: (name: string) => number | 'refused') =>
    Array.from({ length: count }, () => transact(outcome)).join(' ');
  return {
    pick: () => created.pick(),
    report: (of: TargetServer, result: 'success' | 'failure') => {
      created.report(of, result);
    },
    watched: created.servers,
    clock,
    transact,
    transactions,
  };
}

const well = () => 200;
const refusing =
  (...names: readonly string[]) =>
  (name: string) =>
    names.includes(name) ? 'refused' : 200;

describe('load balancer', () => {
  describe('with a health monitor', () => {
    const both = [server('a'), server('b')];
    const [{ server: a }] = [both[0] ?? server('a')];

    it('counts failed probes as it counts failed attempts', () => {
      const { report, transactions } = balancer(both, { maxFailures: 2 });
      report(a, 'failure');
      expect(transactions(3, well)).to.equal('a b a');
      report(a, 'failure');
      expect(transactions(2, well)).to.equal('b a');
      report(a, 'failure');
      report(a, 'failure');
      expect(transactions(3, well)).to.equal('b b b');
    });

    it('brings a server back with the first probe that succeeds', () => {
      const { report, transactions } = balancer(both, { maxFailures: 1 });
      report(a, 'failure');
      expect(transactions(2, well)).to.equal('b b');
      report(a, 'success');
      expect(transactions(2, well)).to.equal('a b');
    });

    it('keeps a server out for as long as its probes fail', () => {
      const { report, transactions, clock } = balancer(both, { maxFailures: 1 });
      for (let probes = 0; probes < 4; probes += 1) {
        report(a, 'failure');
        clock.time += 4 * minute;
      }
      expect(transactions(2, well)).to.equal('b b');
      clock.time += 2 * minute;
      expect(transactions(2, well)).to.equal('a b');
    });

    it('has nobody probed that gets no traffic', () => {
      const off = { ...server('c').server, isEnabled: false };
      const { watched } = balancer([
        server('a'),
        server('b', { isEnabled: false }),
        server('c', { server: off }),
        server('d', { isFallback: true }),
      ]);
      expect(watched.map(({ name }) => name)).to.deep.equal(['a', 'd']);
    });
  });

  describe('round robin', () => {
    it('servicecallout 148, 149: walks the servers in listed order across transactions', () => {
      expect(balancer([server('a'), server('b')]).transactions(4, well)).to.equal('a b a b');
    });

    it('passes over a disabled server without using a turn', () => {
      const servers = [server('a'), server('b', { isEnabled: false }), server('c')];
      expect(balancer(servers).transactions(4, well)).to.equal('a c a c');
    });

    it('passes over a target server that is disabled in the environment', () => {
      const off = server('b');
      const servers = [server('a'), { ...off, server: { ...off.server, isEnabled: false } }];
      expect(balancer(servers).transactions(2, well)).to.equal('a a');
    });

    it('has nothing to pick when every server is disabled', () => {
      expect(balancer([server('a', { isEnabled: false })]).transact(well)).to.equal('none');
    });

    it('has nothing to pick without servers', () => {
      expect(balancer([]).transact(well)).to.equal('none');
    });
  });

  describe('weighted', () => {
    it('servicecallout 150: weights 1 and 2 give 2 and 4 of six calls, interleaved', () => {
      const servers = [server('a', { weight: 1 }), server('b', { weight: 2 })];
      const order = balancer(servers, { algorithm: 'Weighted' }).transactions(6, well);
      expect(order).to.equal('b a b b a b');
    });

    it('gives a server without weight nothing', () => {
      const servers = [server('a', { weight: 0 }), server('b', { weight: 3 })];
      const order = balancer(servers, { algorithm: 'Weighted' }).transactions(3, well);
      expect(order).to.equal('b b b');
    });

    it('gives every server exactly its share over one full round, whatever the weights', () => {
      const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });
      fc.assert(
        fc.property(weights, (shares) => {
          const servers = shares.map((weight, index) => server(String(index), { weight }));
          const total = shares.reduce((sum, share) => sum + share, 0);
          const picked = balancer(servers, { algorithm: 'Weighted' })
            .transactions(total, well)
            .split(' ');
          const counts = shares.map(
            (_, index) => picked.filter((name) => name === String(index)).length,
          );
          expect(counts).to.deep.equal(shares);
        }),
      );
    });
  });

  describe('least connections', () => {
    it('picks the server with the fewest attempts under way, the first listed among equals', () => {
      const { pick } = balancer([server('a'), server('b'), server('c')], {
        algorithm: 'LeastConnections',
      });
      const name = (picked: ServerPick | undefined) => picked?.server.name;
      const [one, two, three] = [pick(), pick(), pick()];
      expect([one, two, three].map(name)).to.deep.equal(['a', 'b', 'c']);
      two?.succeeded();
      expect(name(pick())).to.equal('b');
      three?.released();
      one?.failed();
      expect(name(pick())).to.equal('a');
      expect(name(pick())).to.equal('c');
    });

    it('counts an end that is told twice once', () => {
      const { pick } = balancer([server('a'), server('b')], { algorithm: 'LeastConnections' });
      const one = pick();
      one?.succeeded();
      one?.failed();
      one?.released();
      pick();
      expect(pick()?.server.name).to.equal('b');
    });
  });

  describe('retry', () => {
    const cases: readonly {
      title: string;
      servers: readonly BalancedServer[];
      settings?: Partial<LoadBalancerSettings>;
      outcome: (name: string) => number | 'refused';
      expected: string;
    }[] = [
      {
        title: 'servicecallout 151: goes to another server after an I/O error',
        servers: [server('a'), server('b')],
        outcome: refusing('a'),
        expected: 'a>b',
      },
      {
        title: 'servicecallout 152: does not happen with RetryEnabled false',
        servers: [server('a'), server('b')],
        settings: { retryEnabled: false },
        outcome: refusing('a'),
        expected: 'a',
      },
      {
        title: 'servicecallout 153: does not happen with one server',
        servers: [server('a')],
        outcome: refusing('a'),
        expected: 'a',
      },
      {
        title: 'servicecallout 154: does not happen after an unlisted 500',
        servers: [server('a'), server('b')],
        outcome: (name) => (name === 'a' ? 500 : 200),
        expected: 'a',
      },
      {
        title: 'servicecallout 155: goes to another server after a listed code',
        servers: [server('a'), server('b')],
        settings: { unhealthyCodes: new Set([500]) },
        outcome: (name) => (name === 'a' ? 500 : 200),
        expected: 'a>b',
      },
      {
        title: 'tries every server once at most',
        servers: [server('a'), server('b'), server('c')],
        outcome: refusing('a', 'b', 'c'),
        expected: 'a>b>c',
      },
      {
        title: 'does not reach a fallback while the others are in rotation',
        servers: [server('a'), server('b'), server('f', { isFallback: true })],
        outcome: refusing('a', 'b'),
        expected: 'a>b',
      },
      {
        title: 'reaches the fallback once the failures took the others out',
        servers: [server('a'), server('b'), server('f', { isFallback: true })],
        settings: { maxFailures: 1 },
        outcome: refusing('a', 'b'),
        expected: 'a>b>f',
      },
      {
        title: 'under Weighted goes to an untried server',
        servers: [server('a', { weight: 9 }), server('b')],
        settings: { algorithm: 'Weighted' },
        outcome: refusing('a'),
        expected: 'a>b',
      },
    ];
    for (const { title, servers, settings, outcome, expected } of cases) {
      it(title, () => {
        expect(balancer(servers, settings).transact(outcome)).to.equal(expected);
      });
    }

    it('takes nobody’s turn', () => {
      const { transactions } = balancer([server('a'), server('b'), server('c')]);
      expect(transactions(4, refusing('a'))).to.equal('a>b b c a>b');
    });
  });

  describe('rotation', () => {
    it('servicecallout 156: MaxFailures 0 never takes a server out', () => {
      const { transactions } = balancer([server('a'), server('b')], { retryEnabled: false });
      expect(transactions(6, refusing('a'))).to.equal('a b a b a b');
    });

    it('servicecallout 157: a fallback gets traffic only once all others are out', () => {
      const servers = [server('f', { isFallback: true }), server('a'), server('b')];
      const { transactions } = balancer(servers, { maxFailures: 2, retryEnabled: false });
      expect(transactions(3, well)).to.equal('a b a');
      expect(transactions(5, refusing('a', 'b'))).to.equal('b a b a f');
      expect(transactions(2, well)).to.equal('f f');
    });

    it('has nothing to pick once the fallback is out as well', () => {
      const servers = [server('a'), server('f', { isFallback: true })];
      const { transactions } = balancer(servers, { maxFailures: 1, retryEnabled: false });
      expect(transactions(3, refusing('a', 'f'))).to.equal('a f none');
    });

    it('takes a server out after MaxFailures and tries it again after five minutes', () => {
      const { clock, transactions } = balancer([server('a'), server('b')], {
        maxFailures: 2,
        retryEnabled: false,
      });
      expect(transactions(4, refusing('a'))).to.equal('a b a b');
      expect(transactions(2, well)).to.equal('b b');
      clock.time += 5 * minute - 1;
      expect(transactions(1, well)).to.equal('b');
      clock.time += 1;
      expect(transactions(2, well)).to.equal('a b');
    });

    it('takes a server that fails its first attempt after that out at once', () => {
      const { clock, transactions } = balancer([server('a'), server('b')], {
        maxFailures: 3,
        retryEnabled: false,
      });
      transactions(6, refusing('a'));
      clock.time += 5 * minute;
      expect(transactions(4, refusing('a'))).to.equal('a b b b');
    });

    it('starts counting anew after any response that is not listed, even a 500', () => {
      let calls = 0;
      const { transactions } = balancer([server('a'), server('b')], {
        maxFailures: 2,
        retryEnabled: false,
      });
      const outcome = (name: string) => {
        if (name !== 'a') return 200;
        calls += 1;
        return calls % 2 === 0 ? 500 : 'refused';
      };
      expect(transactions(12, outcome)).to.equal('a b a b a b a b a b a b');
    });

    it('counts a listed code as a failure', () => {
      const { transactions } = balancer([server('a'), server('b')], {
        maxFailures: 1,
        retryEnabled: false,
        unhealthyCodes: new Set([503]),
      });
      expect(transactions(3, (name) => (name === 'a' ? 503 : 200))).to.equal('a b b');
    });

    it('does not judge a server by an attempt that the caller gave up', () => {
      const { pick, transactions } = balancer([server('a'), server('b')], { maxFailures: 1 });
      pick()?.released();
      expect(transactions(2, well)).to.equal('b a');
    });
  });

  describe('target servers', () => {
    const { server: known } = server('a');
    const targetServers = new Map([['a', known]]);
    const settings = { weight: 1, isEnabled: true, isFallback: false };

    it('are found by name, with their settings kept', () => {
      const named = { name: 'a', weight: 7, isEnabled: false, isFallback: true };
      expect(resolveTargetServers([named], { targetServers })).to.deep.equal({
        kind: 'resolved',
        servers: [{ server: known, weight: 7, isEnabled: false, isFallback: true }],
      });
    });

    it('that the environment does not know are all named', () => {
      const servers = ['x', 'a', '__proto__', 'x'].map((name) => ({ name, ...settings }));
      expect(resolveTargetServers(servers, { targetServers })).to.deep.equal({
        kind: 'missing',
        names: ['x', '__proto__'],
      });
    });
  });
});
