import { Fault } from '../../fault/fault.ts';

/**
 * The faults of GraphQL. The policy's page names none, and says that what is not allowed is answered with
 * a 4xx status ("GraphQL policy"); codes and texts are what users of the policy report.
 */

const refused = (name: string, faultstring: string, cause?: unknown): Fault =>
  new Fault({
    code: `steps.graphql.${name}`,
    faultstring,
    status: 400,
    ...(cause === undefined ? {} : { cause }),
  });

export const maxDepthExceeded = (): Fault =>
  refused('MaxDepthExceeded', 'Payload depth exceeds the size set in the policy');

export const maxCountExceeded = (): Fault =>
  refused('MaxCountExceeded', 'Max count mentioned in the policy has exceeded');

export const maxPayloadSizeExceeded = (): Fault =>
  refused('MaxPayloadSizeExceeded', 'Payload size exceeds the size set in the policy');

export const operationTypeNotAllowed = (): Fault =>
  refused('OperationTypeNotAllowed', 'Operation type not allowed');

export const schemaValidationFailed = (reason: string): Fault =>
  refused('SchemaValidationFailed', 'Payload failed schema validation', reason);

export const invalidPayload = (reason: string): Fault =>
  refused('InvalidPayload', 'Payload is not a valid GraphQL request', reason);

export function sourceUnavailable(policy: string, source: string): Fault {
  return new Fault({
    code: 'steps.graphql.SourceUnavailable',
    faultstring: `GraphQL[${policy}]: Source ${source} is not available`,
    hint: `Set ${source} before this policy runs, or name another one in Source.`,
  });
}

export function schemaUnavailable(policy: string, url: string): Fault {
  return new Fault({
    code: 'steps.graphql.SchemaUnavailable',
    faultstring: `GraphQL[${policy}]: Schema ${url} is not available`,
    hint: 'Add the schema to the resources of the bundle, and name it in ResourceURL.',
  });
}
