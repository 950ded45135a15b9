import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';
import type {
  ExtractVariablesPolicy,
  ExtractionNode,
  JsonPayloadNode,
  XmlPayloadNode,
} from './grammar.ts';

/** The deployment's rules ("Extract Variables policy deployment error troubleshooting"). */
export function checkExtractVariables(
  { name, extractions, location }: ExtractVariablesPolicy,
  report: Report,
): void {
  const policy = `ExtractVariables[${name}]`;
  const reportError: ReportError = (place, code, message, hint) => {
    report(diagnosticAt(place, 'error', code, `${policy}: ${message}`, hint));
  };
  if (extractions.length === 0) {
    reportError(
      location,
      'NothingToExtract',
      'at least one of URIPath, QueryParam, Header, FormParam, Variable, XMLPayload, JSONPayload is mandatory.',
      'Add what is to be extracted.',
    );
  }
  for (const extraction of extractions) {
    if (isEmptyPayload(extraction)) reportEmptyPayload(extraction, report);
    else checkExtraction(extraction, reportError);
  }
}

/** Published bundles that run hold `<JSONPayload/>`, a remainder of the editor's stub. */
function isEmptyPayload(extraction: ExtractionNode): boolean {
  const { type } = extraction;
  return (type === 'JSONPayload' || type === 'XMLPayload') && extraction.variable.length === 0;
}

function reportEmptyPayload({ type, location }: ExtractionNode, report: Report): void {
  report(
    diagnosticAt(
      location,
      'warning',
      'nothing-to-evaluate',
      `This ${type} holds no Variable and has no effect.`,
      'Remove it.',
    ),
  );
}

type ReportError = (place: Location, code: string, message: string, hint: string) => void;

function checkExtraction(extraction: ExtractionNode, reportError: ReportError): void {
  switch (extraction.type) {
    case 'URIPath':
      return;
    case 'JSONPayload':
      checkJson(extraction, reportError);
      return;
    case 'XMLPayload':
      checkXml(extraction, reportError);
      return;
    case 'QueryParam':
    case 'Header':
    case 'FormParam':
    case 'Variable':
      checkName(extraction, extraction.type, reportError);
  }
}

function checkName(
  { name, location }: { readonly name: string; readonly location: Location },
  element: string,
  reportError: ReportError,
): void {
  if (name !== '') return;
  reportError(location, 'MissingName', `${element} has no name.`, 'Give it a name attribute.');
}

function checkJson({ variable, location }: JsonPayloadNode, reportError: ReportError): void {
  if (variable.every(({ jsonPath }) => jsonPath === undefined)) {
    reportError(
      location,
      'NoJSONPathsToEvaluate',
      'no jsonpaths to evaluate.',
      'Add a Variable with a JSONPath.',
    );
  }
  for (const one of variable) {
    checkName(one, 'Variable', reportError);
    if (one.jsonPath?.value === '') {
      reportError(
        one.jsonPath.location,
        'EmptyJSONPathExpression',
        `the JSONPath of ${one.name} is empty.`,
        'Write a JSONPath such as $.name.',
      );
    }
  }
}

function checkXml(
  { namespaces, variable, location }: XmlPayloadNode,
  reportError: ReportError,
): void {
  const prefixes = new Set<string>();
  for (const { prefix, value, location: place } of namespaces?.namespace ?? []) {
    if (prefixes.has(prefix)) {
      reportError(place, 'DuplicatePrefix', `duplicate prefix ${prefix}.`, 'Leave one of them.');
    }
    prefixes.add(prefix);
    if (prefix !== '' && (value ?? '') === '') {
      reportError(
        place,
        'NONEmptyPrefixMappedToEmptyURI',
        `non-empty prefix ${prefix} cannot be mapped to empty uri.`,
        'Write the namespace as the text of the element.',
      );
    }
  }
  if (variable.every(({ xpath }) => xpath === undefined)) {
    reportError(
      location,
      'NoXPathsToEvaluate',
      'no xpaths to evaluate.',
      'Add a Variable with an XPath.',
    );
  }
  for (const one of variable) {
    checkName(one, 'Variable', reportError);
    if (one.xpath?.value === '') {
      reportError(
        one.xpath.location,
        'EmptyXPathExpression',
        `the XPath of ${one.name} is empty.`,
        'Write an XPath such as /a/b.',
      );
    }
  }
}
