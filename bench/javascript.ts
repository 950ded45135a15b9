import { createRuntime, parsePolicy, type CompiledPolicy, type Flow } from '../lib/index.ts';
import { spread } from './rounds.ts';
import { printTable, shown } from './table.ts';

const runs = 5_000;
const rounds = 9;

const policyText =
  '<Javascript name="JS" timeLimit="200"><ResourceURL>jsc://main.js</ResourceURL></Javascript>';

const order = JSON.stringify({
  items: Array.from({ length: 24 }, (_, id) => ({
    id,
    name: `name ${id}`,
    price: id * 1.5,
    tags: ['a', 'b'],
    nested: { x: 1, y: 'two' },
  })),
});

const scripts: readonly (readonly [title: string, text: string, goal: string])[] = [
  [
    'javascript: read a variable, set a variable',
    'context.setVariable("b", context.getVariable("a"));',
    '400 µs',
  ],
  [
    `javascript: parse a body of ${order.length} bytes`,
    'var o = JSON.parse(context.getVariable("request.content")); context.setVariable("b", o.items.length);',
    '200 µs more',
  ],
  [
    'javascript: headers, query and status by the object model',
    'context.setVariable("b", request.headers["x-a"] + request.queryParams.q); request.headers["x-b"] = "1";',
    '',
  ],
];

/** What a script costs, its fresh scope included: CPU of the whole process. */
export async function javascript(): Promise<void> {
  for (const [title, text, goal] of scripts) await measure(title, text, goal);
}

async function measure(title: string, text: string, goal: string): Promise<void> {
  const runtime = createRuntime();
  const policy = runtime.compile(parsePolicy(policyText), {
    resources: { read: () => Buffer.from(text) },
  });
  const flow = runtime.newFlow({
    request: {
      message: 'request',
      headers: { 'x-a': '1' },
      queryParams: { q: '2' },
      content: order,
    },
    variables: { a: 'hello' },
  });
  // The first run waits for the engine.
  await policy.run(flow);
  const figures = Array.from({ length: rounds }, () => microsecondsOf(policy, flow));
  printTable(title, [{ what: 'CPU a run', measured: shown(spread(figures), 'µs'), goal }]);
  await runtime.close();
}

function microsecondsOf(policy: CompiledPolicy, flow: Flow): number {
  const before = process.cpuUsage();
  for (let count = 0; count < runs; count += 1) void policy.run(flow);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / runs;
}
