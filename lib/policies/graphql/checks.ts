import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { GraphQlPolicy } from './grammar.ts';

/** No page names a deployment error of GraphQL; without a schema nothing can be verified. */
export function checkGraphQl(
  { name, action, resourceUrl, location }: GraphQlPolicy,
  report: Report,
): void {
  const verifies = action?.value === 'verify' || action?.value === 'parse_verify';
  if (!verifies || (resourceUrl?.value ?? '') !== '') return;
  report(
    diagnosticAt(
      location,
      'error',
      'MissingSchema',
      `GraphQL[${name}]: Action is ${action.value}, and no schema is named.`,
      'Name it in ResourceURL, such as graphql://schema.graphql.',
    ),
  );
}
