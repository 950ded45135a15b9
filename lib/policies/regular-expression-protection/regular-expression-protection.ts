import { readsPayload } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkRegularExpressionProtection } from './checks.ts';
import { compileRegularExpressionProtection } from './compile.ts';
import {
  regularExpressionProtectionGrammar,
  type RegularExpressionProtectionPolicy,
} from './grammar.ts';

const ofBodies: ReadonlySet<string> = new Set(['FormParam', 'JSONPayload', 'XMLPayload']);

/** RegularExpressionProtection: refuses what patterns find ("RegularExpressionProtection policy"). */
export const regularExpressionProtection: PolicyType<RegularExpressionProtectionPolicy> = {
  type: 'RegularExpressionProtection',
  grammar: regularExpressionProtectionGrammar,
  variablePrefix: 'regularexpressionprotection',
  support: 'whole grammar',
  touchesPayload: ({ parts }) =>
    parts.some(
      (part) =>
        ofBodies.has(part.type) ||
        (part.type === 'Variable' && (readsPayload(part.name) || readsPayload(part.name, 'ref'))),
    ),
  check: checkRegularExpressionProtection,
  compile: compileRegularExpressionProtection,
};
