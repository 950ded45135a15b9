import type { Flow } from '../../variables/flow.ts';
import { compileMessageSource } from '../message-source.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import { nonMessageVariable, sourceNotAvailable } from './faults.ts';
import type { PartNode, RegularExpressionProtectionPolicy } from './grammar.ts';
import { Inspection, type Inspect } from './inspection.ts';
import { compileJsonPayload } from './json-payload.ts';
import { compileMessagePart } from './message-parts.ts';
import type { PartContext } from './part-context.ts';
import { compilePatterns } from './patterns.ts';
import { compileXmlPayload } from './xml-payload.ts';

/** Compiles RegularExpressionProtection. The first pattern that finds something refuses the message. */
export function compileRegularExpressionProtection(
  { name, source, ignoreUnresolvedVariables, parts }: RegularExpressionProtectionPolicy,
  { report }: CompileContext,
): Program {
  const context: PartContext = {
    policy: name,
    unresolved: ignoreUnresolvedVariables?.value === true ? 'ignored' : 'fault',
    report,
  };
  const inspects = parts.map((part) => compilePart(part, context));
  const given = source?.value ?? '';
  const messageOf = compileMessageSource(given === '' ? 'message' : given, {
    unavailable: (variable) => sourceNotAvailable(name, variable),
    notMessage: nonMessageVariable,
  });
  // Flow variables are there also where no message is.
  const needsMessage = given !== '' || parts.some(({ type }) => type !== 'Variable');
  return (flow: Flow) => {
    const inspection = new Inspection(name, flow, needsMessage ? messageOf(flow) : undefined);
    for (const inspect of inspects) inspect(inspection);
  };
}

function compilePart(part: PartNode, context: PartContext): Inspect {
  if (part.type === 'JSONPayload') return compileJsonPayload(part, context);
  if (part.type === 'XMLPayload') return compileXmlPayload(part, context);
  return compileMessagePart(part, compilePatterns(part.pattern, context), context);
}
