import { serve } from '../../engine-threads/serve.ts';
import { SchemaEngine } from './libxml2.ts';
import { watchModule } from './watch.ts';
import type { SchemaRequest } from './protocol.ts';

// The body of an engine's thread.

const watch = watchModule();
const engine = new SchemaEngine(await import('libxml2-wasm'));

serve((request) => {
  watch.begin();
  return { ...engine.answer(request as SchemaRequest), isLarge: watch.isLarge() };
});
