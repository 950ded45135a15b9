import type { PolicyType } from '../policy-type.ts';
import { checkExtractVariables } from './checks.ts';
import { compileExtractVariables } from './compile.ts';
import { extractVariablesGrammar, type ExtractVariablesPolicy } from './grammar.ts';

/** ExtractVariables: sets variables from parts of a message ("ExtractVariables policy"). */
export const extractVariables: PolicyType<ExtractVariablesPolicy> = {
  type: 'ExtractVariables',
  grammar: extractVariablesGrammar,
  variablePrefix: 'extractvariables',
  check: checkExtractVariables,
  compile: compileExtractVariables,
};
