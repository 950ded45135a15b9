import { convertsPayload } from '../payload-conversion/touches-payload.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkJsonToXml } from './checks.ts';
import { compileJsonToXmlPolicy } from './compile.ts';
import { jsonToXmlGrammar, type JsonToXmlPolicy } from './grammar.ts';

/** JSONToXML: converts JSON into XML ("JSONtoXML policy"). */
export const jsonToXml: PolicyType<JsonToXmlPolicy> = {
  type: 'JSONToXML',
  grammar: jsonToXmlGrammar,
  variablePrefix: 'jsontoxml',
  support: 'whole grammar',
  touchesPayload: convertsPayload,
  check: checkJsonToXml,
  compile: compileJsonToXmlPolicy,
};
