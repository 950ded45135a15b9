import { createHash } from 'node:crypto';
import { EnginePool } from '../../engine-threads/engine-pool.ts';
import type { RootRule } from '../root-element.ts';
import type { SchemaSet } from '../schema-set.ts';
import type { Finding, SchemaAnswer, SchemaRequest } from './protocol.ts';
import { threadBody } from './thread-body.ts';

const pool = new EnginePool<SchemaRequest, SchemaAnswer>(threadBody);
/** A bundle is often compiled more than once. By key: why the schemas cannot be compiled, empty if they can. */
const checked = new Map<string, string>();
const mostChecked = 200;

/** Names schemas by what they hold. */
export function schemaKey({ main, files }: SchemaSet): string {
  const parts = [main.url, main.text, ...[...files].flat()];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}

/** Compiles schemas to see whether they can be: why not, or undefined. Blocks until that is known. */
export function checkSchemas(key: string, schemas: SchemaSet): string | undefined {
  const known = checked.get(key);
  if (known !== undefined) return known === '' ? undefined : known;
  const answer = pool.askAndWait({ key, schemas });
  if (answer.kind === 'broken') return answer.message;
  const reason = answer.kind === 'no-schema' ? answer.reason : undefined;
  if (checked.size >= mostChecked) checked.clear();
  checked.set(key, reason ?? '');
  return reason;
}

/** Validates a document within bounds of time and memory: the first thing that is wrong, or undefined. */
export async function validate(
  key: string,
  schemas: SchemaSet,
  text: string,
  root: RootRule,
): Promise<Finding | undefined> {
  const document = { text, root };
  let answer = await pool.ask({ key, document });
  if (answer.kind === 'unknown') answer = await pool.ask({ key, document, schemas });
  if (answer.kind === 'found') return answer.finding;
  if (answer.kind === 'broken') return invalid(`The validation was given up: ${answer.message}`);
  if (answer.kind === 'no-schema') return invalid(`No schema: ${answer.reason}`);
  return undefined;
}

function invalid(message: string): Finding {
  return { kind: 'invalid', message, line: 0 };
}
