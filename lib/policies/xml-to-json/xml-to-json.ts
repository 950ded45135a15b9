import { convertsPayload } from '../payload-conversion/touches-payload.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkXmlToJson } from './checks.ts';
import { compileXmlToJsonPolicy } from './compile.ts';
import { xmlToJsonGrammar, type XmlToJsonPolicy } from './grammar.ts';

/** XMLToJSON: converts XML into JSON ("XMLtoJSON policy"). */
export const xmlToJson: PolicyType<XmlToJsonPolicy> = {
  type: 'XMLToJSON',
  grammar: xmlToJsonGrammar,
  variablePrefix: 'xmltojson',
  support: 'whole grammar',
  touchesPayload: convertsPayload,
  check: checkXmlToJson,
  compile: compileXmlToJsonPolicy,
};
