import type { OnUnresolved } from '../../template/template.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import { unresolvedVariable } from '../unresolved-variable.ts';
import { Extraction } from './extraction.ts';
import type { ExtractionNode, ExtractVariablesPolicy } from './grammar.ts';
import { compileJsonPayload } from './json-payload.ts';
import { compilePatterns, type Extract } from './patterns.ts';
import type { PayloadContext } from './payload-context.ts';
import { compileSource } from './source.ts';
import { compileXmlPayload } from './xml-payload.ts';

/**
 * Compiles ExtractVariables. Each run takes the elements in the order of the document; what does not
 * match leaves its variables as they were ("ExtractVariables policy").
 */
export function compileExtractVariables(
  { name, source, variablePrefix, ignoreUnresolvedVariables, extractions }: ExtractVariablesPolicy,
  { report }: CompileContext,
): Program {
  const onUnresolved: OnUnresolved =
    ignoreUnresolvedVariables?.value === true ? 'ignore' : unresolvedVariable;
  const context: PayloadContext = { policy: name, onUnresolved, report };
  const extracts = extractions.map((extraction) => compileExtraction(extraction, context));
  const prefix = variablePrefix?.value ?? '';
  const sourceName = source?.value ?? '';
  const open = compileSource(name, sourceName === '' ? 'message' : sourceName);
  // Flow variables are there also where no message is.
  const needsSource = sourceName !== '' || extractions.some(({ type }) => type !== 'Variable');
  const clearsPayload = source?.clearPayload === true;

  return (flow) => {
    const opened = needsSource ? open(flow) : undefined;
    const extraction = new Extraction(name, prefix, flow);
    for (const extract of extracts) extract(extraction, opened);
    if (clearsPayload && opened?.kind === 'message') opened.message.clearContent();
  };
}

function compileExtraction(extraction: ExtractionNode, context: PayloadContext): Extract {
  const { type } = extraction;
  if (type === 'JSONPayload') return compileJsonPayload(extraction, context);
  if (type === 'XMLPayload') return compileXmlPayload(extraction, context);
  return compilePatterns(extraction, context.report);
}
