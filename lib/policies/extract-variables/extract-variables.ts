import { readsPayload } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkExtractVariables } from './checks.ts';
import { compileExtractVariables } from './compile.ts';
import { extractVariablesGrammar, type ExtractVariablesPolicy } from './grammar.ts';

const ofBodies: ReadonlySet<string> = new Set(['FormParam', 'JSONPayload', 'XMLPayload']);

/** ExtractVariables: sets variables from parts of a message ("ExtractVariables policy"). */
export const extractVariables: PolicyType<ExtractVariablesPolicy> = {
  type: 'ExtractVariables',
  grammar: extractVariablesGrammar,
  variablePrefix: 'extractvariables',
  sharedFailureVariable: 'extractvariables.failed',
  support: 'whole grammar',
  touchesPayload: ({ extractions }) =>
    extractions.some((extraction) => ofBodies.has(extraction.type) || readsPayload(extraction)),
  check: checkExtractVariables,
  compile: compileExtractVariables,
};
