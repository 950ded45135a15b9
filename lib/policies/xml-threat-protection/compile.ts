import { isXml } from '../../message/media-type.ts';
import { compileMessageSource } from '../message-source.ts';
import type { Program } from '../policy-type.ts';
import { limitExceeded, nonMessageVariable, notXml, sourceUnavailable } from './faults.ts';
import type { XmlThreatProtectionPolicy } from './grammar.ts';
import { xmlThreatLimits } from './limits.ts';
import { scanXml } from './scan.ts';

/** Compiles XMLThreatProtection. A message of another content type than XML is left alone. */
export function compileXmlThreatProtection(policy: XmlThreatProtectionPolicy): Program {
  const { name, source } = policy;
  const messageOf = compileMessageSource((source?.value ?? '') || 'request', {
    unavailable: (variable) => sourceUnavailable(name, variable),
    notMessage: nonMessageVariable,
  });
  const limits = xmlThreatLimits(policy);
  const refusesEmpty = policy.failOnEmptyXml?.value === true;
  return (flow) => {
    const message = messageOf(flow);
    if (!isXml(message) || !(message.hasBody || refusesEmpty)) return;
    const threat = scanXml(message.content, limits);
    if (threat === undefined) return;
    throw threat.kind === 'excess' ? limitExceeded(name, threat.text) : notXml(name, threat.text);
  };
}
