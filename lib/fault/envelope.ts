import type { Fault } from './fault.ts';

/**
 * The JSON body of an error response that nobody wrote: compact, `faultstring` first, and every slash
 * as `\/`, because captured bodies have those bytes.
 */
export function faultEnvelope({ faultstring, code }: Pick<Fault, 'faultstring' | 'code'>): string {
  const body = { fault: { faultstring, detail: { errorcode: code } } };
  return JSON.stringify(body).replaceAll('/', '\\/');
}
