import type { GraphQLSchema } from 'graphql';
import { diagnosticAt } from '../../diagnostic/diagnostic.ts';
import type { CompileContext } from '../policy-type.ts';
import { invalidPayload, schemaValidationFailed } from './faults.ts';
import type { GraphQlPolicy } from './grammar.ts';
import { graphqlPackage } from './graphql-package.ts';
import type { GraphQlRequest } from './parse.ts';

/** Undefined without a file, and after reporting that it holds no schema. */
export function compileSchema(
  { name, resourceUrl, location }: GraphQlPolicy,
  { resources, report }: CompileContext,
): GraphQLSchema | undefined {
  const url = resourceUrl?.value ?? '';
  const bytes = url === '' ? undefined : resources?.read(url);
  if (bytes === undefined) return undefined;
  try {
    return graphqlPackage().buildSchema(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report(
      diagnosticAt(
        resourceUrl?.location ?? location,
        'error',
        'InvalidSchema',
        `GraphQL[${name}]: ${url} is not a GraphQL schema: ${reason}`,
        'Write the schema in the GraphQL schema definition language.',
      ),
    );
    return undefined;
  }
}

/** Validation takes time in proportion to the square of what is selected under one name. */
const mostTokens = 5_000;

/** @throws {Fault} SchemaValidationFailed, and InvalidPayload for what takes too long to validate */
export function validateRequest({ document, tokens }: GraphQlRequest, schema: GraphQLSchema): void {
  if (tokens > mostTokens) throw invalidPayload(`It has more than ${mostTokens} words.`);
  const { specifiedRules, validate } = graphqlPackage();
  const [first] = validate(schema, document, specifiedRules, { maxErrors: 1 });
  if (first !== undefined) throw schemaValidationFailed(first.message);
}
