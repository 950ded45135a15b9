import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import { ncNamePattern } from '../../xml/characters.ts';
import type { MessageValidationPolicy } from './grammar.ts';

const ncName = new RegExp(`^${ncNamePattern}$`, 'u');

/** The deployment's rules that need no schema ("SOAPMessageValidation policy", Deployment errors). */
export function checkMessageValidation(
  { name, resourceUrl, element: elements, location }: MessageValidationPolicy,
  report: Report,
): void {
  const url = resourceUrl?.value ?? '';
  if (url !== '' && !/^(?:xsd|wsdl):\/\/./.test(url)) {
    report(
      diagnosticAt(
        resourceUrl?.textLocation ?? location,
        'error',
        'InvalidResourceType',
        `MessageValidation ${name}: Resource type must be xsd or wsdl. Context ${url}`,
        'Write xsd:// or wsdl:// before the name of the file.',
      ),
    );
  }
  for (const { value = '', textLocation } of elements) {
    if (value === '') {
      report(
        diagnosticAt(
          textLocation,
          'error',
          'RootElementNameUnspecified',
          `MessageValidation ${name}: Root element name is unspecified.`,
          'Write the name of the element as the text of Element.',
        ),
      );
    } else if (!ncName.test(value)) {
      report(
        diagnosticAt(
          textLocation,
          'error',
          'InvalidRootElementName',
          `MessageValidation ${name}: Root element name ${value} is invalid.`,
          'Write a name without a prefix; its namespace is an attribute.',
        ),
      );
    }
  }
}
