import { Fault } from '../../fault/fault.ts';
import type { ConversionFaults } from '../payload-conversion/conversion.ts';

/** The faults of XMLToJSON ("XMLtoJSON policy runtime error troubleshooting"). */
export const xmlToJsonFaults: ConversionFaults = {
  sourceUnavailable: (policy, source) =>
    new Fault({
      code: 'steps.xml2json.SourceUnavailable',
      faultstring: `XMLToJSON[${policy}]: Source ${source} is not available`,
      hint: `Set ${source} before this policy runs, or name another variable in Source.`,
    }),
  // The class stands where the policy's name should.
  invalidSourceType: (javaClass) =>
    new Fault({
      code: 'steps.xml2json.InvalidSourceType',
      faultstring: `XMLToJSON[${javaClass}]: Invalid source type ${javaClass}. Valid source types are [message, string].`,
      hint: 'Name a message or a text in Source.',
    }),
  outputVariableIsNotAvailable: (policy) =>
    new Fault({
      code: 'steps.xml2json.OutputVariableIsNotAvailable',
      faultstring: `XMLToJSON[${policy}]: Output variable is not available.`,
      hint: 'The source is a text; name in OutputVariable what takes the JSON.',
    }),
  inCompatibleTypes: (policy) =>
    new Fault({
      code: 'steps.xml2json.InCompatibleTypes',
      faultstring: `XMLToJSON[${policy}]: String can not be assigned to message type.`,
      hint: 'The source is a text; name in OutputVariable a variable that is no message.',
    }),
};

/** Only the reason for an empty body was ever captured in public. */
export function executionFailed(policy: string, reason: string): Fault {
  return new Fault({
    code: 'steps.xml2json.ExecutionFailed',
    faultstring: `XMLToJSON[${policy}]: Execution failed. reason: ${reason}`,
    hint: 'The source is not well-formed XML, or too large or nested too deeply to be read.',
  });
}
