import type { Explanation } from '../explanation.ts';

const framing: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Whether a header is the connection's business rather than the message's. */
export function isFraming(header: string): boolean {
  return framing.has(header.toLowerCase());
}

/** Whether a header is what Apigee's router adds to requests, for its message processors. */
export function isOfRouter(header: string): boolean {
  return /^x-apigee[.-]/i.test(header);
}

const headerRules: readonly (readonly [pattern: RegExp, why: Explanation])[] = [
  [/^(?:date|age)$/, 'time'],
  [
    /^(?:x-apigee|x-request-id$|x-correlation-id$|x-b3-|traceparent$|tracestate$|x-cloud-trace)/,
    'id',
  ],
  [/^(?:x-forwarded-|forwarded$|x-real-ip$|via$|x-client-ip$)/, 'address'],
];

/** Why a header may differ whatever the bundle does; undefined if it may not. */
export function headerExplanation(header: string): Explanation | undefined {
  const name = header.toLowerCase();
  if (isFraming(name)) return 'framing';
  return headerRules.find(([pattern]) => pattern.test(name))?.[1];
}

const variableRules: readonly (readonly [pattern: RegExp, why: Explanation])[] = [
  [/\.timetaken$|\.timestamp$|^system\.(?:timestamp|time)(?:\.|$)/, 'time'],
  [/^(?:messageid|gateway\.messageid|system\.uuid|apigee\.(?:trace|message)[-_.]?id)$/, 'id'],
  [
    /^(?:proxy\.client\.ip|proxy\.url|client\.(?:ip|host|port|scheme)|target\.ip|router\.uuid)$/,
    'address',
  ],
  [/^(?:system|virtualhost|router|apigee\.edge|apigee\.metrics)\./, 'platform'],
  [/^apiproxy\.(?:name|revision|qualifiedname|basepath)$/, 'bundle name'],
];

const environmentNames = /^(?:environment|organization)\./;
const messageHeader = /^(?:request|response|message|error)\.header\.([^.]+)/;

/** Why a variable may differ whatever the bundle does; undefined if it may not. */
export function variableExplanation(
  variable: string,
  environment: 'given' | 'taken from the session',
): Explanation | undefined {
  const name = variable.toLowerCase();
  if (environment !== 'given' && environmentNames.test(name)) return 'environment';
  const header = messageHeader.exec(name)?.[1];
  if (header !== undefined) return headerExplanation(header);
  return variableRules.find(([pattern]) => pattern.test(name))?.[1];
}

/** What the engine notes of every policy that ran without a failure; Apigee's sessions do not show it. */
export function isBookkeeping(variable: string): boolean {
  return /^[a-z]+(?:\.[^.]+)*\.failed$/.test(variable) || variable.startsWith('apigee.metrics.');
}

/** What the engine sets when a policy fails. */
export function isOfFault(variable: string): boolean {
  return /^(?:fault|error)(?:\.|$)|^is\.error$|\.failed$/.test(variable);
}
