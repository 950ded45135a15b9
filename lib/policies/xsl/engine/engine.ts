import { EnginePool } from '../../engine-threads/engine-pool.ts';
import type { Broken } from '../../engine-threads/protocol.ts';
import type { EngineAnswer, EngineRequest } from './protocol.ts';
import { threadBody } from './thread-body.ts';

const pool = new EnginePool<EngineRequest, EngineAnswer>(threadBody);
/** A bundle is often compiled more than once: to check it, to deploy it, for each environment. */
const checked = new Map<string, EngineAnswer>();
const mostChecked = 200;

/** Transforms a document within bounds of time and memory. */
export async function transform(
  stylesheet: string,
  document: string,
  parameters: readonly string[],
): Promise<EngineAnswer | Broken> {
  return pool.ask({ kind: 'transform', stylesheet, document, parameters });
}

/** Compiles a stylesheet to see whether it can be; blocks until that is known. */
export function checkStylesheet(stylesheet: string): EngineAnswer | Broken {
  const known = checked.get(stylesheet);
  if (known !== undefined) return known;
  const answer = pool.askAndWait({ kind: 'check', stylesheet });
  if (answer.kind !== 'broken') {
    if (checked.size >= mostChecked) checked.clear();
    checked.set(stylesheet, answer);
  }
  return answer;
}
