import { serve } from '../../engine-threads/serve.ts';
import { SchemaEngine } from './libxml2.ts';
import { watchMemory } from './memory.ts';
import type { SchemaRequest } from './protocol.ts';

// The body of an engine's thread.

const isLarge = watchMemory();
const engine = new SchemaEngine(await import('libxml2-wasm'));

serve((request) => ({ ...engine.answer(request as SchemaRequest), isLarge: isLarge() }));
