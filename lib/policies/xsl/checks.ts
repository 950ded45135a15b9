import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import { isTransactionMessage } from '../payload-use.ts';
import type { XslPolicy } from './grammar.ts';

/** The deployment's rules that need no stylesheet ("XSLTransform policy", Deployment errors). */
export function checkXsl(
  { name, resourceUrl, outputVariable, parameters, location }: XslPolicy,
  report: Report,
): void {
  const url = resourceUrl?.value ?? '';
  const place = resourceUrl?.textLocation ?? location;
  if (url === '') {
    report(
      diagnosticAt(
        place,
        'error',
        'XSLEmptyResourceUrl',
        `Resource Url cannot be empty in XSL ${name}`,
        'Name the stylesheet, as in <ResourceURL>xsl://file.xsl</ResourceURL>.',
      ),
    );
  } else if (!url.startsWith('xsl://')) {
    report(
      diagnosticAt(
        place,
        'error',
        'XSLInvalidResourceType',
        `XSL ${name}: Resource type must be xsl. Context ${url}`,
        'Write xsl:// before the name of the file.',
      ),
    );
  }
  if (outputVariable?.value !== undefined && isTransactionMessage(outputVariable.value)) {
    report(
      diagnosticAt(
        outputVariable.textLocation,
        'warning',
        'message-as-output',
        `OutputVariable ${outputVariable.value} of XSL ${name} is a message; its content is replaced.`,
        'Leave OutputVariable out to replace the content of the source.',
      ),
    );
  }
  for (const parameter of parameters?.parameter ?? []) {
    if (parameter.name !== '') continue;
    report(
      diagnosticAt(
        parameter.location,
        'warning',
        'parameter-without-name',
        `A Parameter of XSL ${name} has no name and is left out.`,
        'Give it a name attribute.',
      ),
    );
  }
}
