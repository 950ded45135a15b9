import { readsPayload } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkKeyValueMapOperations } from './checks.ts';
import { compileKeyValueMapOperations, seedInitialEntries } from './compile.ts';
import { keyValueMapOperationsGrammar, type KeyValueMapOperationsPolicy } from './grammar.ts';

/** KeyValueMapOperations: reads and writes key-value maps ("KeyValueMapOperations policy"). */
export const keyValueMapOperations: PolicyType<KeyValueMapOperationsPolicy> = {
  type: 'KeyValueMapOperations',
  grammar: keyValueMapOperationsGrammar,
  variablePrefix: 'keyvaluemapoperations',
  support: 'whole grammar; a Get reads the map itself, or a copy with `keyValueMapCopies`',
  touchesPayload: ({ operations, mapName }) => readsPayload(operations) || readsPayload(mapName),
  check: checkKeyValueMapOperations,
  compile: compileKeyValueMapOperations,
  start: seedInitialEntries,
};
