import { Fault } from '../../fault/fault.ts';
import type { ConversionFaults } from '../payload-conversion/conversion.ts';

/** The faults of JSONToXML ("JSONtoXML policy runtime error troubleshooting"). */
export const jsonToXmlFaults: ConversionFaults = {
  sourceUnavailable: (policy, source) =>
    new Fault({
      code: 'steps.json2xml.SourceUnavailable',
      faultstring: `JSONToXML[${policy}]: Source ${source} is not available`,
      hint: `Set ${source} before this policy runs, or name another variable in Source.`,
    }),
  // Worded as XMLToJSON's, where the class stands in place of the policy's name.
  invalidSourceType: (javaClass) =>
    new Fault({
      code: 'steps.json2xml.InvalidSourceType',
      faultstring: `JSONToXML[${javaClass}]: Invalid source type ${javaClass}. Valid source types are [message, string].`,
      hint: 'Name a message or a text in Source.',
    }),
  outputVariableIsNotAvailable: (policy) =>
    new Fault({
      code: 'steps.json2xml.OutputVariableIsNotAvailable',
      faultstring: `JSONToXML[${policy}]: Output variable is not available.`,
      hint: 'The source is a text; name in OutputVariable what takes the XML.',
    }),
  inCompatibleTypes: (policy) =>
    new Fault({
      code: 'steps.json2xml.InCompatibleTypes',
      faultstring: `JSONToXML[${policy}]: String can not be assigned to message type.`,
      hint: 'The source is a text; name in OutputVariable a variable that is no message.',
    }),
};

export function executionFailed(policy: string, cause: Error): Fault {
  return new Fault({
    code: 'steps.json2xml.ExecutionFailed',
    faultstring: `JSONToXML[${policy}]: Execution failed due to reason: ${cause.message}`,
    cause,
    hint: 'The source is not a JSON object or array, or too large or nested too deeply.',
  });
}
