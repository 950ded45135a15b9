import { convertsPayload } from '../payload-conversion/touches-payload.ts';
import { readsPayload } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkXsl } from './checks.ts';
import { compileXsl } from './compile.ts';
import { xslGrammar, type XslPolicy } from './grammar.ts';

/** XSL: transforms XML with a stylesheet ("XSLTransform policy"). */
export const xsl: PolicyType<XslPolicy> = {
  type: 'XSL',
  grammar: xslGrammar,
  variablePrefix: 'xsl',
  support: 'XSLT 1.0 with EXSLT; not XSLT 2.0 and 3.0',
  touchesPayload: (policy) => convertsPayload(policy) || readsPayload(policy),
  check: checkXsl,
  compile: compileXsl,
};
