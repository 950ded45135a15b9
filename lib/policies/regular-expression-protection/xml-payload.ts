import { diagnosticAt } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';
import { isXml } from '../../message/media-type.ts';
import { readPayload, type Payload } from '../../xml-path/payload.ts';
import { compileXPath, type Namespaces, type XPath } from '../../xml-path/xml-path.ts';
import type { XmlPayloadNode } from './grammar.ts';
import type { Inspect, Inspection } from './inspection.ts';
import type { PartContext } from './part-context.ts';
import { compilePatterns } from './patterns.ts';

/** Compiles XMLPayload. A message of another content type than XML, or without a body, is left alone. */
export function compileXmlPayload(
  { namespaces: declared, xpath }: XmlPayloadNode,
  context: PartContext,
): Inspect {
  const namespaces = new Map(
    (declared?.namespace ?? []).map(({ prefix, value }) => [prefix, value ?? '']),
  );
  const rules = xpath.flatMap(({ expression, type, pattern, location }) => {
    const source = expression?.value ?? '';
    const place = expression?.textLocation ?? location;
    const path = compile(source, type?.value ?? 'string', namespaces, place, context);
    return path === undefined
      ? []
      : [{ path, source, patterns: compilePatterns(pattern, context) }];
  });
  return (inspection) => {
    const { message } = inspection;
    if (message === undefined || !message.hasBody || !isXml(message)) return;
    const payload = readPayload(message.content);
    if (payload === undefined) return inspection.fail('The payload is no XML that can be read');
    for (const { path, source, patterns } of rules) {
      for (const text of find(path, source, payload, namespaces, inspection)) {
        inspection.test(text, patterns);
      }
    }
  };
}

/** Every node that is found, whatever Type says, so that nothing hides behind the first. */
function find(
  path: XPath,
  source: string,
  payload: Payload,
  namespaces: Namespaces,
  inspection: Inspection,
): readonly string[] {
  try {
    return path.evaluate(payload, namespaces).texts();
  } catch (error) {
    return inspection.fail(`The xpath ${source} cannot be evaluated`, error);
  }
}

/** Compiles an expression, and tries it on an empty document: that shows what it gives and what it lacks. */
function compile(
  source: string,
  type: string,
  namespaces: Namespaces,
  location: Location,
  { policy, report }: PartContext,
): XPath | undefined {
  if (source === '') return undefined;
  const reportError = (code: string, message: string, hint: string): void => {
    const text = `RegularExpressionProtection ${policy}: ${message}`;
    report(diagnosticAt(location, 'error', code, text, hint));
  };
  try {
    const path = compileXPath(source);
    const payload = readPayload('<none/>');
    const result = payload === undefined ? undefined : path.evaluate(payload, namespaces);
    if (type === 'nodeset' && result?.kind === 'value') {
      reportError(
        'CannotBeConvertedToNodeset',
        `Result of xpath ${source} cannot be converted to nodeset.`,
        'Choose the type of what the expression computes.',
      );
    }
    return path;
  } catch {
    reportError(
      'XPathCompilationFailed',
      `Failed to compile xpath ${source}.`,
      'Write an XPath 1.0 expression, and declare the prefixes it uses in Namespaces.',
    );
    return undefined;
  }
}
