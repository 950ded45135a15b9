import Handlebars from 'handlebars';
import { Liquid } from 'liquidjs';
import { createRuntime } from '../lib/index.ts';
import { compileTemplate } from '../lib/template/template.ts';
import { ratios, spread, takeTurns } from './rounds.ts';
import { printTable, shown } from './table.ts';

const renderings = 100_000;
const rounds = 15;

/** Five references; the flow keeps their values as it keeps any variable, the others' data as they like it. */
interface Case {
  readonly title: string;
  /** Names of variables, and the names of the same values in the others' data. */
  readonly names: readonly (readonly [variable: string, field: string])[];
}

const cases: readonly Case[] = [
  {
    title: 'template: five plain variables',
    names: [
      ['user', 'user'],
      ['city', 'city'],
      ['order', 'order'],
      ['amount', 'amount'],
      ['currency', 'currency'],
    ],
  },
  {
    title: 'template: five parts of the request',
    names: [
      ['request.queryparam.user', 'user'],
      ['request.queryparam.city', 'city'],
      ['request.header.x-order', 'order'],
      ['request.header.x-amount', 'amount'],
      ['request.header.x-currency', 'currency'],
    ],
  },
];

/** Renders the same text with liquidjs and Handlebars, each by its fastest documented way. */
export async function template(): Promise<void> {
  for (const one of cases) await compare(one);
}

async function compare({ title, names }: Case): Promise<void> {
  const data = Array.from({ length: 16 }, (_, index) => ({
    user: `user-${index}`,
    city: 'Chiayi',
    order: `${10_000 + index}`,
    amount: '129.90',
    currency: 'TWD',
  }));
  const texts = (reference: (variable: string, field: string) => string): string => {
    const [a, b, c, d, e] = names.map(([variable, field]) => reference(variable, field));
    return `{"user":"${a}","city":"${b}","order":"${c}","amount":"${d} ${e}"}`;
  };

  const runtime = createRuntime();
  const flows = data.map(({ user, city, order, amount, currency }) =>
    runtime.newFlow({
      request: {
        message: 'request',
        queryParams: { user, city },
        headers: { Host: 'x', 'X-Order': order, 'X-Amount': amount, 'X-Currency': currency },
      },
      variables: { user, city, order, amount, currency },
    }),
  );
  const ours = compileTemplate(
    texts((variable) => `{${variable}}`),
    {
      location: { file: 'bench', line: 1, column: 1 },
      report: ({ message }) => {
        throw new Error(message);
      },
    },
  );
  const handlebars = Handlebars.compile<(typeof data)[number]>(
    texts((_, field) => `{{${field}}}`),
    { noEscape: true, knownHelpersOnly: true },
  );
  const engine = new Liquid();
  const parsed = engine.parse(texts((_, field) => `{{${field}}}`));
  const liquid = (values: (typeof data)[number]): string =>
    String(engine.renderSync(parsed, values));

  for (const [index, flow] of flows.entries()) {
    const values = data[index];
    if (values === undefined) continue;
    const text = ours.render(flow, 'ignore');
    if (text !== handlebars(values) || text !== liquid(values)) {
      throw new Error(`The texts differ: ${text}`);
    }
  }

  const figures = await takeTurns(
    {
      ours: () => nanoseconds(flows, (flow) => ours.render(flow, 'ignore')),
      handlebars: () => nanoseconds(data, (values) => handlebars(values)),
      liquid: () => nanoseconds(data, liquid),
    },
    rounds,
  );
  await runtime.close();
  const times = (other: readonly number[]): string =>
    shown(spread(ratios(other, figures.ours)), 'times our time');
  printTable(title, [
    { what: 'ours', measured: shown(spread(figures.ours), 'ns') },
    {
      what: 'Handlebars',
      measured: shown(spread(figures.handlebars), 'ns'),
      ratio: times(figures.handlebars),
      goal: 'at least 10 times',
    },
    {
      what: 'liquidjs',
      measured: shown(spread(figures.liquid), 'ns'),
      ratio: times(figures.liquid),
      goal: 'at least 10 times',
    },
  ]);
}

function nanoseconds<T>(inputs: readonly T[], render: (input: T) => string): number {
  const times = renderings / inputs.length;
  let length = 0;
  const start = performance.now();
  for (let count = 0; count < times; count += 1) {
    for (const input of inputs) length += render(input).length;
  }
  const passed = performance.now() - start;
  if (length === 0) throw new Error('Nothing was rendered');
  return (passed * 1e6) / (times * inputs.length);
}
