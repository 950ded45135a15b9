import { Message } from '../../message/message.ts';
import type { Flow } from '../../variables/flow.ts';
import { flowValueText, variableReference } from '../../variables/flow-variables.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import { transform } from './engine/engine.ts';
import { reasonOf } from './engine/reason.ts';
import { evaluationFailed, sourceNotAvailable } from './faults.ts';
import type { XslPolicy } from './grammar.ts';
import { compileParameters } from './parameters.ts';
import { resultText, writeResult } from './result.ts';
import { readStylesheet, type Stylesheet } from './stylesheet.ts';

/**
 * Compiles XSL. The stylesheet is compiled when the policy is, if its file is at hand; the transformation
 * runs in a thread of its own, bounded in time and memory, that reaches no file and no network.
 */
export function compileXsl(policy: XslPolicy, { report, resources }: CompileContext): Program {
  const { name, resourceUrl, location } = policy;
  const url = resourceUrl?.value ?? '';
  const file = url.replace(/^xsl:\/\//, '');
  const content = url.startsWith('xsl://') ? resources?.read(url) : undefined;
  const place = resourceUrl?.textLocation ?? location;
  const stylesheet =
    content === undefined
      ? undefined
      : readStylesheet(stylesheetText(content), file, place, report);
  const parametersOf = compileParameters(policy.parameters);
  const source =
    policy.source?.value === undefined || policy.source.value === ''
      ? 'message'
      : policy.source.value;
  const sourceReference = variableReference(source);
  const write = compileOutput(policy, source);

  return async (flow) => {
    const { variables } = flow;
    const value = variables.message(source) ?? sourceReference.read(variables);
    if (value === null || value === undefined) throw sourceNotAvailable(name, source);
    const parameters = parametersOf(variables);
    if (stylesheet === undefined) throw evaluationFailed(file, 'the stylesheet is not available');
    const text = value instanceof Message ? value.content : flowValueText(value);
    write(flow, await transformed(stylesheet, text, parameters, file));
  };
}

/** Bytes are UTF-8 unless a byte order mark or the declaration says otherwise. */
function stylesheetText(bytes: Uint8Array): string {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const encoding = /^<\?xml[^>]*\sencoding\s*=\s*["']([\w.-]+)["']/.exec(start)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** A document type in front of the root, the only place for one that is well-formed. */
const documentType = /^(?:\s+|<\?[^]*?\?>|<!--[^]*?-->)*<!DOCTYPE/i;

async function transformed(
  stylesheet: Stylesheet,
  text: string,
  parameters: readonly string[],
  file: string,
): Promise<string> {
  // No entity of a payload is ever expanded, whatever the engine would make of it.
  if (documentType.test(text)) {
    throw evaluationFailed(file, 'A document type declaration is not allowed');
  }
  const answer = await transform(stylesheet.text, text, parameters);
  if (answer.kind === 'broken') throw evaluationFailed(file, brokenReason(answer.message));
  if (answer.kind === 'failed') throw evaluationFailed(file, reasonOf(answer.messages));
  // The engine goes on after an instruction it does not know, and what follows is wrong.
  for (const line of answer.messages) {
    const skipped = /: (\S+) was not compiled/.exec(line)?.[1];
    if (skipped !== undefined) throw evaluationFailed(file, `xsl:${skipped} is not supported`);
  }
  return resultText(answer.result, stylesheet);
}

function brokenReason(message: string): string {
  return /memory|stack|unreachable/i.test(message)
    ? 'The transformation needs more memory than it may take, or recurses too deeply'
    : `The transformation was given up: ${message}`;
}

function compileOutput(
  { outputVariable }: XslPolicy,
  source: string,
): (flow: Flow, text: string) => void {
  const output = outputVariable?.value ?? '';
  const target = output === '' ? source : output;
  const reference = variableReference(target);
  return ({ variables }, text) => {
    const message = variables.message(target);
    if (message === undefined) variables.write(reference, text);
    else writeResult(message, text);
  };
}
