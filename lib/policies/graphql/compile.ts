import type { CompileContext, Program } from '../policy-type.ts';
import { requestDepth } from './depth.ts';
import {
  maxCountExceeded,
  maxDepthExceeded,
  maxPayloadSizeExceeded,
  operationTypeNotAllowed,
  schemaUnavailable,
} from './faults.ts';
import type { GraphQlPolicy } from './grammar.ts';
import { parseRequest, type GraphQlRequest } from './parse.ts';
import { compileRequestText } from './request-text.ts';
import { setRequestVariables } from './request-variables.ts';
import { compileSchema, validateRequest } from './schema.ts';

const usualLimit = 10;

const allowed = {
  query: new Set(['query']),
  mutation: new Set(['mutation']),
  query_mutation: new Set(['query', 'mutation']),
  all: new Set(['query', 'mutation', 'subscription']),
} as const;

/** Compiles GraphQL ("GraphQL policy"). The payload itself goes on as it is. */
export function compileGraphQl(policy: GraphQlPolicy, context: CompileContext): Program {
  const { name } = policy;
  const textOf = compileRequestText(name, policy.source?.value ?? '');
  const action = policy.action?.value ?? 'parse';
  const parses = action !== 'verify';
  const verifies = action !== 'parse';
  const schema = verifies ? compileSchema(policy, context) : undefined;
  const operationTypes: ReadonlySet<string> = allowed[policy.operationType?.value ?? 'query'];
  const maxDepth = policy.maxDepth?.value ?? usualLimit;
  const maxCount = policy.maxCount?.value ?? usualLimit;
  const maxSize = policy.maxPayloadSize?.value ?? Infinity;

  const checkLimits = (request: GraphQlRequest): void => {
    const { operations, fragmentCount } = request;
    if (!operations.every(({ operation }) => operationTypes.has(operation))) {
      throw operationTypeNotAllowed();
    }
    if (operations.length + fragmentCount > maxCount) throw maxCountExceeded();
    if (parses && requestDepth(request) > maxDepth) throw maxDepthExceeded();
  };

  return (flow) => {
    const text = textOf(flow);
    if (Buffer.byteLength(text) > maxSize) throw maxPayloadSizeExceeded();
    const request = parseRequest(text);
    checkLimits(request);
    if (verifies) {
      if (schema === undefined) throw schemaUnavailable(name, policy.resourceUrl?.value ?? '');
      validateRequest(request, schema);
    }
    setRequestVariables(request, flow.variables);
  };
}
