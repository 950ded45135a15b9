import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';
import type {
  PartNode,
  PatternNode,
  RegularExpressionProtectionPolicy,
  XmlPayloadNode,
} from './grammar.ts';

/** The deployment's rules ("RegularExpressionProtection policy"). */
export function checkRegularExpressionProtection(
  { name, parts, location }: RegularExpressionProtectionPolicy,
  report: Report,
): void {
  const reportError: ReportError = (place, code, message, hint) => {
    const text = `RegularExpressionProtection ${name}: ${message}`;
    report(diagnosticAt(place, 'error', code, text, hint));
  };
  if (parts.length === 0) {
    reportError(
      location,
      'NothingToEnforce',
      'at least one of URIPath, QueryParam, Header, FormParam, XMLPayload, JSONPayload is mandatory',
      'Add what is to be looked at, with its patterns.',
    );
  }
  for (const part of parts) checkPart(part, reportError);
}

type ReportError = (place: Location, code: string, message: string, hint: string) => void;

function checkPart(part: PartNode, reportError: ReportError): void {
  const { type, location } = part;
  switch (type) {
    case 'XMLPayload':
      checkNamespaces(part, reportError);
      if (part.xpath.length === 0) reportNoPatterns(location, type, reportError);
      for (const { expression, pattern, location: place } of part.xpath) {
        if ((expression?.value ?? '') === '') {
          reportError(place, 'EmptyXPathExpression', 'Empty XPath expression', 'Write one.');
        }
        checkPatterns(pattern, place, 'XPath', reportError);
      }
      return;
    case 'JSONPayload':
      if (part.jsonPath.length === 0) reportNoPatterns(location, type, reportError);
      for (const { expression, pattern, location: place } of part.jsonPath) {
        if ((expression?.value ?? '') === '') {
          reportError(place, 'EmptyJSONPathExpression', 'Empty JSONPath expression', 'Write one.');
        }
        checkPatterns(pattern, place, 'JSONPath', reportError);
      }
      return;
    case 'URIPath':
      checkPatterns(part.pattern, location, type, reportError);
      return;
    case 'FormParam':
    case 'Header':
    case 'QueryParam':
    case 'Variable':
      if (part.name === '') {
        reportError(location, 'MissingName', `${type} has no name`, 'Give it a name attribute.');
      }
      checkPatterns(part.pattern, location, type, reportError);
  }
}

function checkPatterns(
  patterns: readonly PatternNode[],
  place: Location,
  element: string,
  reportError: ReportError,
): void {
  if (patterns.every(({ value }) => (value ?? '') === '')) {
    reportNoPatterns(place, element, reportError);
  }
}

function reportNoPatterns(place: Location, element: string, reportError: ReportError): void {
  reportError(
    place,
    'NoPatternsToEnforce',
    `No patterns to enforce in ${element}`,
    'Add a Pattern, or remove the element.',
  );
}

function checkNamespaces({ namespaces }: XmlPayloadNode, reportError: ReportError): void {
  const prefixes = new Set<string>();
  for (const { prefix, value, location } of namespaces?.namespace ?? []) {
    if (prefixes.has(prefix)) {
      reportError(location, 'DuplicatePrefix', `Duplicate prefix ${prefix}`, 'Leave one of them.');
    }
    prefixes.add(prefix);
    if (prefix !== '' && (value ?? '') === '') {
      reportError(
        location,
        'NONEmptyPrefixMappedToEmptyURI',
        `Non-empty prefix ${prefix} cannot be mapped to empty uri`,
        'Write the namespace as the text of the element.',
      );
    }
  }
}
