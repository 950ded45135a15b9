import { isXml } from '../../message/media-type.ts';
import { compileConversion } from '../payload-conversion/conversion.ts';
import { readXmlPayload } from '../payload-conversion/read-document.ts';
import type { Program } from '../policy-type.ts';
import { compileXmlToJson } from './convert.ts';
import { executionFailed, xmlToJsonFaults } from './faults.ts';
import type { XmlToJsonPolicy } from './grammar.ts';
import { optionsOf } from './options.ts';

/** Compiles XMLToJSON. A message of another content type than XML is left alone. */
export function compileXmlToJsonPolicy(policy: XmlToJsonPolicy): Program {
  const { name, source, outputVariable } = policy;
  const toJson = compileXmlToJson(optionsOf(policy));
  return compileConversion({
    policy: name,
    source: source?.value ?? '',
    output: outputVariable?.value ?? '',
    accepts: isXml,
    convert(text) {
      const root = readXmlPayload(text);
      if ('reason' in root) throw executionFailed(name, root.reason);
      return toJson(root);
    },
    contentType: 'application/json',
    faults: xmlToJsonFaults,
  });
}
