import { createRuntime, parsePolicy, type CompiledPolicy, type Flow } from '../lib/index.ts';
import { spread, takeTurns } from './rounds.ts';
import { printTable, shown } from './table.ts';

const uses = 20_000;
const rounds = 15;

/** What a policy costs that finds what it looks for in memory, its flow not counted. */
export async function state(): Promise<void> {
  const runtime = createRuntime();
  const compile = (text: string): CompiledPolicy => runtime.compile(parsePolicy(text));
  const key = '<CacheKey><KeyFragment>tokens</KeyFragment><KeyFragment ref="client"/></CacheKey>';
  const flow = runtime.newFlow({
    variables: { client: 'c-17', token: 'x'.repeat(200), 'apiproxy.name': 'p' },
  });
  await compile(`<PopulateCache name="P">${key}<Source>token</Source></PopulateCache>`).run(flow);
  await compile(
    '<KeyValueMapOperations name="S" mapIdentifier="m"><Put><Key><Parameter>k</Parameter></Key><Value>v</Value></Put></KeyValueMapOperations>',
  ).run(flow);
  const lookup = compile(`<LookupCache name="L">${key}<AssignTo>found</AssignTo></LookupCache>`);
  const populate = compile(`<PopulateCache name="P2">${key}<Source>token</Source></PopulateCache>`);
  const get = compile(
    '<KeyValueMapOperations name="K" mapIdentifier="m"><Get assignTo="v"><Key><Parameter>k</Parameter></Key></Get></KeyValueMapOperations>',
  );
  const figures = await takeTurns(
    {
      lookup: () => microseconds(lookup, flow),
      populate: () => microseconds(populate, flow),
      get: () => microseconds(get, flow),
    },
    rounds,
  );
  if (flow.variables.get('lookupcache.L.cachehit') !== true) throw new Error('Nothing was found');
  if (flow.variables.get('v') !== 'v') throw new Error('Nothing was read');
  await runtime.close();
  printTable('state: policies whose state is in memory', [
    {
      what: 'LookupCache that hits',
      measured: shown(spread(figures.lookup), 'us of CPU'),
      goal: 'at most 3 us',
    },
    { what: 'PopulateCache', measured: shown(spread(figures.populate), 'us of CPU'), goal: '' },
    {
      what: 'Get of a KeyValueMapOperations',
      measured: shown(spread(figures.get), 'us of CPU'),
      goal: '',
    },
  ]);
}

/** CPU of one use. */
function microseconds(policy: CompiledPolicy, flow: Flow): Promise<number> {
  const started = process.cpuUsage();
  for (let count = 0; count < uses; count += 1) {
    const pending = policy.run(flow);
    if (pending !== undefined) throw new Error('Memory does not wait');
  }
  const { user, system } = process.cpuUsage(started);
  return Promise.resolve((user + system) / uses);
}
