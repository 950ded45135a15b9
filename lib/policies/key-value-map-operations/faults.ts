import { Fault } from '../../fault/fault.ts';

/** The faults of KeyValueMapOperations ("KeyValueMapOperations runtime error troubleshooting"). */

export function setVariableFailed(policy: string, variable: string): Fault {
  return new Fault({
    code: 'steps.keyvaluemapoperations.SetVariableFailed',
    faultstring: `Failed to set variable ${variable} in KeyValueMapStepDefinition ${policy}`,
    hint: `${variable} may only be read, or is a part of a message that is not there.`,
  });
}

/** A map without a name; Apigee shows the exception and no code of the policy. */
export function mapWithoutName(): Fault {
  return new Fault({
    code: 'Internal Server Error',
    faultstring: 'java.lang.UnsupportedOperationException',
    hint: 'Write a mapIdentifier that is not empty, or set the variable that MapName refers to.',
  });
}

/** The store is away. Ours; silence would make a secret an empty text. */
export function storeUnavailable(policy: string, map: string, cause: unknown): Fault {
  return new Fault({
    code: 'steps.keyvaluemapoperations.StoreUnavailable',
    faultstring: `Key value map ${map} is not available in KeyValueMapStepDefinition ${policy}`,
    cause,
    hint: 'The store that --state or stores names does not answer, or is full; its log says why.',
  });
}

/** Ours, as the limit's own text was never captured in public. */
export function entryTooLarge(policy: string, map: string): Fault {
  return new Fault({
    code: 'steps.keyvaluemapoperations.EntryTooLarge',
    faultstring: `Entry of key value map ${map} is too large in KeyValueMapStepDefinition ${policy}`,
    hint: 'A key may have 2 KB, and the values of an entry 512 KB together.',
  });
}
