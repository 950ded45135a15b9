import { serve } from '../../engine-threads/serve.ts';
import { enlargeStack } from './engine-stack.ts';
import { Engine, type Libxslt } from './libxslt.ts';
import type { EngineRequest } from './protocol.ts';
import { shutIn } from './sandbox.ts';

// The body of an engine's thread.

let written = '';
const shut: Parameters<typeof shutIn>[0] = {};
shutIn(shut, (text) => {
  // A stylesheet may write messages without end.
  if (written.length < 10_000) written += text;
});

function takeMessages(): readonly string[] {
  const lines = written.split('\n').filter((line) => line.trim() !== '');
  written = '';
  return lines;
}

const { default: load } = await import('libxslt-wasm/output/libxslt');
const libxslt = (await load()) as unknown as Libxslt;
shut.memory = libxslt;
if (shut.stack === undefined)
  throw new Error('The engine was loaded in another way than expected.');
const isStackWhole = enlargeStack(shut.stack, libxslt);
const engine = new Engine(libxslt, takeMessages);

serve((request) => {
  const answer = engine.answer(request as EngineRequest);
  return isStackWhole() ? answer : { kind: 'broken', message: 'its stack is exhausted' };
});
