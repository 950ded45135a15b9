import { Fault } from '../../fault/fault.ts';

/** The faults of ExtractVariables ("Extract Variables policy runtime error troubleshooting"). */

export function sourceNotAvailable(policy: string, source: string): Fault {
  return new Fault({
    code: 'steps.extractvariables.SourceMessageNotAvailable',
    faultstring: `${source} message is not available for ExtractVariable: ${policy}`,
    hint: `Set ${source} before this policy runs, or name another variable in Source.`,
  });
}

export function setVariableFailed(policy: string, variable: string, value: string): Fault {
  return new Fault({
    code: 'steps.extractvariables.SetVariableFailed',
    faultstring: `Failed to set variable ${variable} value ${value} from ExtractVariables: ${policy}`,
    hint: `The same policy sets a variable whose name ${variable} continues; choose another name.`,
  });
}

/** Its text was never captured in public. */
export function immutableVariable(policy: string, variable: string): Fault {
  return new Fault({
    code: 'steps.extractvariables.ImmutableVariable',
    faultstring: `Variable ${variable} is immutable in ExtractVariables: ${policy}`,
    hint: `${variable} may only be read; choose another name.`,
  });
}

export function invalidJsonPath(policy: string, path: string): Fault {
  return new Fault({
    code: 'steps.extractvariables.InvalidJSONPath',
    faultstring: `Invalid JSON path ${path} in policy ${policy}.`,
    hint: 'Nothing is there; set IgnoreUnresolvedVariables to true if that is no failure.',
  });
}

export function executionFailed(policy: string, cause?: unknown): Fault {
  return new Fault({
    code: 'steps.extractvariables.ExecutionFailed',
    faultstring: `Failed to execute the ExtractVariables: ${policy}`,
    ...(cause === undefined ? {} : { cause }),
    hint: 'The payload is empty or is not what its Content-Type says.',
  });
}

export function unableToCast(value: string, type: string): Fault {
  return new Fault({
    code: 'steps.extractvariables.UnableToCast',
    faultstring: `Unable to cast value ${value} as ${type.toUpperCase()}.`,
  });
}

/** The doubled "for" is Apigee's. */
export function jsonParsingFailed(policy: string, source: string): Fault {
  return new Fault({
    code: 'steps.extractvariables.JsonPathParsingFailure',
    faultstring: `ExtractVariables ${policy}: Json path parsing failed for for flow variables ${source}`,
    hint: `${source} holds no JSON.`,
  });
}
