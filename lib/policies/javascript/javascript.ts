import { mentionsPayload } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkJavascript } from './checks.ts';
import { compileJavascript } from './compile.ts';
import { javascriptGrammar, type JavascriptPolicy } from './grammar.ts';

/** Words without which a script cannot come by a body. */
const reachesBody = /content|body|request|response|message|error|\[|eval|Function/;

/** Javascript: runs a script in a sandbox ("JavaScript policy"). */
export const javascript: PolicyType<JavascriptPolicy> = {
  type: 'Javascript',
  grammar: javascriptGrammar,
  variablePrefix: 'javascript',
  support: 'object model, httpClient, crypto digests and dates; without E4X (asXML) and wsSec',
  // What a file does is not known here.
  touchesPayload: ({ resourceUrl, includeUrl, source }) =>
    (resourceUrl?.value ?? '') !== '' ||
    includeUrl.length > 0 ||
    mentionsPayload(source?.value ?? '') ||
    reachesBody.test(source?.value ?? ''),
  check: checkJavascript,
  compile: compileJavascript,
};
