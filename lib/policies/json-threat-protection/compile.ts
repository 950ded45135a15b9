import { isJson } from '../../message/media-type.ts';
import { compileMessageSource } from '../message-source.ts';
import type { Program } from '../policy-type.ts';
import { limitExceeded, nonMessageVariable, notJson, sourceUnavailable } from './faults.ts';
import type { JsonThreatProtectionPolicy } from './grammar.ts';
import { scanJson, type JsonLimits } from './scan.ts';

/** Compiles JSONThreatProtection. A message of another content type than JSON is left alone. */
export function compileJsonThreatProtection(policy: JsonThreatProtectionPolicy): Program {
  const { name, source } = policy;
  const messageOf = compileMessageSource((source?.value ?? '') || 'request', {
    unavailable: (variable) => sourceUnavailable(name, variable),
    notMessage: (variable) => nonMessageVariable(name, variable),
  });
  const limits: JsonLimits = {
    arrayElements: limit(policy.arrayElementCount),
    depth: limit(policy.containerDepth),
    entries: limit(policy.objectEntryCount),
    nameLength: limit(policy.objectEntryNameLength),
    textLength: limit(policy.stringValueLength),
  };
  return (flow) => {
    const message = messageOf(flow);
    if (!isJson(message)) return;
    const threat = scanJson(message.content, limits);
    if (threat === undefined) return;
    throw threat.kind === 'excess' ? limitExceeded(name, threat.text) : notJson(name, threat.text);
  };
}

function limit(node: { readonly value: number | undefined } | undefined): number {
  const most = node?.value ?? -1;
  return most < 0 ? Infinity : most;
}
