import { createRuntime, parsePolicy, type CompiledPolicy, type Flow } from '../lib/index.ts';
import { printTable } from './table.ts';

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

const scripts: readonly (readonly [title: string, text: string])[] = [
  ['javascript: read a variable, set a variable', 'context.setVariable("b", context.getVariable("a"));'],
  [
    `javascript: parse a body of ${order.length} bytes`,
    'var o = JSON.parse(context.getVariable("request.content")); context.setVariable("b", o.items.length);',
  ],
  [
    'javascript: headers, query and status by the object model',
    'context.setVariable("b", request.headers["x-a"] + request.queryParams.q); request.headers["x-b"] = "1";',
  ],
];

/** What a script costs, its fresh scope included: CPU of the whole process. */
export async function javascript(): Promise<void> {
  for (const [title, text] of scripts) await measure(title, text);
}

async function measure(title: string, text: string): Promise<void> {
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
  const figures = Array.from({ length: rounds }, () => microsecondsOf(policy, flow)).sort(
    (a, b) => a - b,
  );
  const shown = (at: number): string => (figures[at] ?? 0).toFixed(1);
  printTable(title, [
    ['CPU a run, microseconds', shown(Math.floor(rounds / 2)), shown(0), shown(rounds - 1)],
  ]);
  await runtime.close();
}

function microsecondsOf(policy: CompiledPolicy, flow: Flow): number {
  const before = process.cpuUsage();
  for (let count = 0; count < runs; count += 1) void policy.run(flow);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / runs;
}
