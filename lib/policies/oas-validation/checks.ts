import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { OasValidationPolicy } from './grammar.ts';

/** Whether a text names a document, as far as can be seen without variables. */
const isDocument = /^oas:\/\/.+\.(?:json|ya?ml)$/i;

/** The deployment's rules that need no document ("OASValidation policy", Deployment errors). */
export function checkOasValidation(
  { name, resource, location }: OasValidationPolicy,
  report: Report,
): void {
  const url = resource?.value ?? '';
  if (url.includes('{') || isDocument.test(url)) return;
  report(
    diagnosticAt(
      resource?.textLocation ?? location,
      'error',
      'BadResourceURL',
      `OASValidation[${name}]: the OASResource "${url}" names no OpenAPI document.`,
      'Write the name of a file of resources/oas, such as oas://api.yaml, .yml or .json.',
    ),
  );
}
