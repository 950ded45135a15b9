import { expect } from 'chai';
import {
  checkPolicy,
  createRuntime,
  Fault,
  parsePolicy,
  StateUnavailableError,
  type Runtime,
} from '../../../lib/index.ts';
import type { Counters, CounterStore } from '../../../lib/state/counters.ts';
import { createMemoryCounters } from '../../../lib/state/memory-counters.ts';
import { createMemoryState } from '../../../lib/state/memory-state.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const quotaOf = (children: string, attributes = ''): string =>
  `<Quota name="Q" ${attributes}>${children}</Quota>`;

const minute = '<Interval>1</Interval><TimeUnit>minute</TimeUnit>';

function findings(xml: string): readonly string[] {
  return checkPolicy(xml).map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
}

describe('Checking a Quota', () => {
  const start = '<StartTime>2024-01-01 00:00:00</StartTime>';
  const cases: Readonly<Record<string, readonly [xml: string, finding: string]>> = {
    'an interval that is not whole': [
      quotaOf('<Interval>0.1</Interval><TimeUnit>minute</TimeUnit>'),
      'error InvalidQuotaInterval: Invalid quota interval 0.1 in quota policy Q.',
    ],
    'an interval of nothing': [
      quotaOf('<Interval>0</Interval><TimeUnit>minute</TimeUnit>'),
      'error InvalidQuotaInterval: Invalid quota interval 0 in quota policy Q.',
    ],
    'a unit of time that there is not': [
      quotaOf('<Interval>1</Interval><TimeUnit>year</TimeUnit>'),
      'error InvalidQuotaTimeUnit: Invalid quota interval time unit year in quota policy Q.',
    ],
    'a type that there is not': [
      quotaOf(minute, 'type="window"'),
      'error InvalidQuotaType: No enum constant com.apigee.quota.types.QuotaType.window.',
    ],
    'type calendar without StartTime': [
      quotaOf(minute, 'type="calendar"'),
      'error InvalidStartTime: Invalid Starttime:null; Start Time should be of the format yyyy-MM-dd HH:mm:ss.',
    ],
    'a StartTime that is none': [
      quotaOf(`${minute}<StartTime>7-16-2017 12:00:00</StartTime>`, 'type="calendar"'),
      'error InvalidStartTime: Invalid Starttime:7-16-2017 12:00:00; Start Time should be of the format yyyy-MM-dd HH:mm:ss.',
    ],
    'a StartTime on a day that no month has': [
      quotaOf(`${minute}<StartTime>2023-02-29 12:00:00</StartTime>`, 'type="calendar"'),
      'error InvalidStartTime: Invalid Starttime:2023-02-29 12:00:00; Start Time should be of the format yyyy-MM-dd HH:mm:ss.',
    ],
    'a StartTime of type rollingwindow': [
      quotaOf(minute + start, 'type="rollingwindow"'),
      'error StartTimeNotSupported: Starttime is not supported for quotatype rollingwindow. Starttime is supported only for calendar based type.',
    ],
    'seconds of a distributed quota': [
      quotaOf('<Interval>1</Interval><TimeUnit>second</TimeUnit><Distributed>true</Distributed>'),
      'error InvalidTimeUnitForDistributedQuota: Invalid timeunit second for distributed quota.',
    ],
    'an interval of synchronization below 0': [
      quotaOf(
        `${minute}<AsynchronousConfiguration><SyncIntervalInSeconds>-1</SyncIntervalInSeconds></AsynchronousConfiguration>`,
      ),
      'error InvalidSynchronizeIntervalForAsyncConfiguration: SyncIntervalInSeconds should be a value greater than zero.',
    ],
    'a number of messages to synchronize below 0': [
      quotaOf(
        `${minute}<AsynchronousConfiguration><SyncMessageCount>-1</SyncMessageCount></AsynchronousConfiguration>`,
      ),
      'error InvalidSynchronizeMessageCountForAsyncConfiguration: SyncMessageCount should be a value greater than zero.',
    ],
    'an asynchronous configuration of a synchronous quota': [
      quotaOf(`${minute}<Synchronous>true</Synchronous><AsynchronousConfiguration/>`),
      'error InvalidAsynchronizeConfigurationForSynchronousQuota: AsynchronousConfiguration is not valid for synchronous quota.',
    ],
    'a limit that is no number': [
      quotaOf(`${minute}<Allow count="many"/>`),
      'error invalid-allow-count: The count "many" of Allow is not a whole number.',
    ],
    'an interval that is missing': [
      quotaOf('<TimeUnit>minute</TimeUnit>'),
      'warning missing-quota-interval: Quota has no Interval: each message is a fault.',
    ],
  };
  for (const [name, [xml, finding]] of Object.entries(cases)) {
    it(`finds ${name}`, () => {
      expect(findings(xml)).to.deep.equal([finding]);
    });
  }

  it('takes a StartTime without a type, as the samples of monetization have it', () => {
    expect(findings(quotaOf(minute + start))).to.deep.equal([]);
  });

  it('takes what old bundles hold, in any order', () => {
    const xml = quotaOf(
      `<TimeUnit>Minute</TimeUnit><Properties/><PreciseAtSecondsLevel>false</PreciseAtSecondsLevel>
      <DataStoreFailureModeOpen>true</DataStoreFailureModeOpen><Interval>1</Interval><Alert/><Allow count=""/>`,
      'type="default"',
    );
    expect(findings(xml)).to.deep.equal([]);
  });
});

/** A runtime whose shared counters are away while the test says so. */
class Outage {
  isAway = false;
  readonly log: string[] = [];
  readonly runtime: Runtime;

  constructor(clock = new VirtualClock()) {
    const { shared, local } = {
      shared: createMemoryCounters({ clock }).shared,
      local: createMemoryCounters({ clock }).local,
    };
    const reach = async <Value>(use: () => Value): Promise<Awaited<Value>> => {
      await Promise.resolve();
      if (this.isAway) throw new StateUnavailableError('away');
      return use() as Awaited<Value>;
    };
    const remote: CounterStore = {
      charge: async (...args) => reach(() => shared.charge(...args)),
      giveBack: async (...args) => reach(() => shared.giveBack(...args)),
      take: async (...args) => reach(() => shared.take(...args)),
    };
    const counters: Counters = { shared: remote, local };
    const keep = (_details: unknown, message: string): void => {
      this.log.push(message);
    };
    this.runtime = createRuntime({
      clock,
      stores: { ...createMemoryState({ clock }), counters },
      log: { warn: keep, error: keep },
    });
  }

  /** Runs a policy once; the name of its fault, or nothing. */
  async run(xml: string): Promise<string | undefined> {
    const flow = this.runtime.newFlow();
    try {
      await this.runtime.compile(parsePolicy(xml)).run(flow);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return error.name;
    }
    return undefined;
  }
}

describe('A Quota', () => {
  it('waits for nothing where it counts in memory', async () => {
    const runtime = createRuntime();
    const policy = runtime.compile(
      parsePolicy(quotaOf(`${minute}<Distributed>true</Distributed>`)),
    );
    expect(policy.run(runtime.newFlow())).to.equal(undefined);
    await runtime.close();
  });

  it('counts in its process alone while the store is away, and says so once', async () => {
    const outage = new Outage();
    const xml = quotaOf(`${minute}<Allow count="1"/><Distributed>true</Distributed>`);
    const policy = outage.runtime.compile(parsePolicy(xml));
    const run = async (): Promise<unknown> => {
      try {
        await policy.run(outage.runtime.newFlow());
        return undefined;
      } catch (error) {
        return error instanceof Fault ? error.name : error;
      }
    };
    expect(await run()).to.equal(undefined);
    outage.isAway = true;
    expect(await run(), 'the first of this process').to.equal(undefined);
    expect(await run()).to.equal('QuotaViolation');
    expect(outage.log).to.have.length(1);
    outage.isAway = false;
    expect(await run(), 'what was counted before').to.equal('QuotaViolation');
    outage.isAway = true;
    await run();
    expect(outage.log).to.have.length(2);
    await outage.runtime.close();
  });

  it('does not ask the store where it is not distributed', async () => {
    const outage = new Outage();
    outage.isAway = true;
    const xml = quotaOf(`${minute}<Allow count="1"/>`);
    expect(await outage.run(xml)).to.equal(undefined);
    expect(await outage.run(xml)).to.equal('QuotaViolation');
    expect(outage.log).to.deep.equal([]);
    await outage.runtime.close();
  });

  it('lets no identifier stand for another, however it is written', async () => {
    const runtime = createRuntime({ clock: new VirtualClock() });
    const policy = runtime.compile(
      parsePolicy(
        quotaOf(`${minute}<Identifier ref="k"/><Allow count="1"><Class ref="c">
          <Allow class="a" count="1"/><Allow class="b" count="1"/></Class></Allow>`),
      ),
    );
    const long = 'x'.repeat(1_000);
    const identifiers = ['a', '["a","b"]', '+["a","b"]', '=a', '_default,a', long, `${long}y`];
    for (const k of identifiers) {
      for (const c of ['a', 'b', 'none']) {
        await policy.run(runtime.newFlow({ variables: { k, c } }));
        const again = (): unknown => policy.run(runtime.newFlow({ variables: { k, c } }));
        expect(again, `${k} ${c}`).to.throw(Fault, 'Rate limit quota violation');
      }
    }
    await runtime.close();
  });
});

describe('A SpikeArrest with UseEffectiveCount', () => {
  it('counts in its process alone while the store is away', async () => {
    const outage = new Outage();
    const xml =
      '<SpikeArrest name="SA"><Rate>1pm</Rate><UseEffectiveCount>true</UseEffectiveCount></SpikeArrest>';
    expect(await outage.run(xml)).to.equal(undefined);
    expect(await outage.run(xml)).to.equal('SpikeArrestViolation');
    outage.isAway = true;
    expect(await outage.run(xml)).to.equal(undefined);
    expect(await outage.run(xml)).to.equal('SpikeArrestViolation');
    await outage.runtime.close();
  });
});
