import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';
import { isXml } from '../../message/media-type.ts';
import { readPayload, type Payload } from '../../xml-path/payload.ts';
import {
  compileXPath,
  type Namespaces,
  type XPath,
  type XPathResult,
} from '../../xml-path/xml-path.ts';
import { castText } from './cast.ts';
import { executionFailed } from './faults.ts';
import type { VariableType, XmlPayloadNode } from './grammar.ts';
import type { Extract } from './patterns.ts';
import type { PayloadContext } from './payload-context.ts';

/**
 * Compiles XMLPayload. A message with another content type than XML is left alone, and an expression
 * that names no node sets nothing.
 */
export function compileXmlPayload(
  { namespaces: declared, variable, stopPayloadProcessing }: XmlPayloadNode,
  { policy, report }: PayloadContext,
): Extract {
  const namespaces = new Map(
    (declared?.namespace ?? []).map(({ prefix, value }) => [prefix, value ?? '']),
  );
  const variables = variable.flatMap(({ name, type, xpath, location }) => {
    const source = xpath?.value ?? '';
    if (name === '' || source === '') return [];
    const place = xpath?.textLocation ?? location;
    const path = compile(source, type, namespaces, place, report);
    return path === undefined ? [] : [{ name, type, path }];
  });

  return (extraction, source) => {
    if (source === undefined || variables.length === 0) return;
    if (source.kind === 'message' && !isXml(source.message)) return;
    const payload = readPayload(source.kind === 'message' ? source.message.content : source.text);
    if (payload === undefined) throw executionFailed(policy);
    for (const { name, type, path } of variables) {
      const text = textFound(path, type, payload, namespaces, policy);
      if (text === undefined) continue;
      extraction.set(name, castText(text, type));
      if (stopPayloadProcessing) return;
    }
  };
}

function textFound(
  path: XPath,
  type: VariableType,
  payload: Payload,
  namespaces: Namespaces,
  policy: string,
): string | undefined {
  try {
    const result = path.evaluate(payload, namespaces);
    if (result.isEmpty) return undefined;
    return result.text(type === 'nodeset' ? 'nodeset' : 'string');
  } catch (error) {
    throw executionFailed(policy, error);
  }
}

/** Compiles an expression, and tries it on an empty document: that shows what it gives and what it lacks. */
function compile(
  source: string,
  type: VariableType,
  namespaces: Namespaces,
  location: Location,
  report: Report,
): XPath | undefined {
  const reportError = (code: string, message: string, hint: string): void => {
    report(diagnosticAt(location, 'error', code, message, hint));
  };
  let path: XPath;
  let result: XPathResult | undefined;
  try {
    path = compileXPath(source);
    result = tried(path, namespaces);
  } catch {
    reportError(
      'XPathCompilationFailed',
      `Failed to compile xpath ${source}.`,
      'Write an XPath 1.0 expression, and declare the prefixes it uses in Namespaces.',
    );
    return undefined;
  }
  if (type === 'nodeset' && result?.kind === 'value') {
    reportError(
      'CannotBeConvertedToNodeset',
      `The result of ${source} cannot be converted to nodeset.`,
      'Choose the type of what the expression computes.',
    );
  }
  return path;
}

function tried(path: XPath, namespaces: Namespaces): XPathResult | undefined {
  const payload = readPayload('<none/>');
  return payload === undefined ? undefined : path.evaluate(payload, namespaces);
}
