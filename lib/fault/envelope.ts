import type { Fault } from './fault.ts';

/**
 * The JSON body of an error response that nobody wrote: compact, `faultstring` first, and every slash
 * as `\/`, because captured bodies have those bytes.
 */
export function faultEnvelope({
  faultstring,
  code,
  reason,
}: Pick<Fault, 'faultstring' | 'code' | 'reason'>): string {
  const body = { fault: { faultstring, detail: { errorcode: code, reason } } };
  return JSON.stringify(body).replaceAll('/', '\\/');
}
