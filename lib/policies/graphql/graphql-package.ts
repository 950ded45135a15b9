import { createRequire } from 'node:module';
import type * as graphql from 'graphql';

type GraphQl = typeof graphql;

let loaded: GraphQl | undefined;

/** The package, loaded when the first GraphQL policy is compiled: it takes a tenth of a second. */
export function graphqlPackage(): GraphQl {
  return (loaded ??= createRequire(import.meta.url)('graphql') as GraphQl);
}
