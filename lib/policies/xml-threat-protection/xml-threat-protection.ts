import { isTransactionMessage } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { compileXmlThreatProtection } from './compile.ts';
import { xmlThreatProtectionGrammar, type XmlThreatProtectionPolicy } from './grammar.ts';

/** XMLThreatProtection: bounds on XML ("XMLThreatProtection policy"). */
export const xmlThreatProtection: PolicyType<XmlThreatProtectionPolicy> = {
  type: 'XMLThreatProtection',
  grammar: xmlThreatProtectionGrammar,
  variablePrefix: 'xmlattack',
  sharedFailureVariable: 'xmlattack.failed',
  support: 'whole grammar; document type declarations are refused',
  touchesPayload: ({ source }) => isTransactionMessage((source?.value ?? '') || 'request'),
  check() {
    // Every policy of this type deploys; values that are no numbers were reported when they were read.
  },
  compile: compileXmlThreatProtection,
};
