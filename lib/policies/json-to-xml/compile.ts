import { isJson } from '../../message/media-type.ts';
import { compileConversion } from '../payload-conversion/conversion.ts';
import type { Program } from '../policy-type.ts';
import { compileJsonToXml } from './convert.ts';
import { executionFailed, jsonToXmlFaults } from './faults.ts';
import type { JsonToXmlPolicy } from './grammar.ts';
import { JsonTextError } from './json-value.ts';
import { optionsOf } from './options.ts';
import { readJson } from './read-json.ts';

/** Compiles JSONToXML. A message of another content type than JSON is left alone. */
export function compileJsonToXmlPolicy(policy: JsonToXmlPolicy): Program {
  const { name, source, outputVariable } = policy;
  const toXml = compileJsonToXml(optionsOf(policy));
  return compileConversion({
    policy: name,
    source: source?.value ?? '',
    output: outputVariable?.value ?? '',
    accepts: isJson,
    convert(text) {
      try {
        return toXml(readJson(text));
      } catch (error) {
        if (error instanceof JsonTextError) throw executionFailed(name, error);
        throw error;
      }
    },
    contentType: 'application/xml',
    faults: jsonToXmlFaults,
  });
}
