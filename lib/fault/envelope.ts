import type { Fault } from './fault.ts';

/** What a body says of a fault. */
export type FaultText = Pick<Fault, 'faultstring' | 'code'> & Partial<Pick<Fault, 'reason'>>;

/**
 * The JSON body of an error response that nobody wrote: compact, `faultstring` first, and every slash
 * as `\/`, because captured bodies have those bytes.
 */
export function faultEnvelope({ faultstring, code, reason }: FaultText): string {
  const body = { fault: { faultstring, detail: { errorcode: code, reason } } };
  return JSON.stringify(body).replaceAll('/', '\\/');
}

/** The same for a client that speaks XML. */
export function xmlFaultEnvelope({ faultstring, code }: FaultText): string {
  return `<?xml version='1.0' encoding='UTF-8'?><fault><faultstring>${escaped(faultstring)}</faultstring><detail><errorcode>${escaped(code)}</errorcode></detail></fault>`;
}

/** The same as a SOAP fault. No capture shows its layout in full; the elements are those of the standard. */
export function soapFaultEnvelope(version: '1.1' | '1.2'): (fault: FaultText) => string {
  return version === '1.1' ? soap11 : soap12;
}

function soap11({ faultstring, code }: FaultText): string {
  return `<?xml version='1.0' encoding='UTF-8'?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>soap:Server</faultcode><faultstring>${escaped(faultstring)}</faultstring><detail><source><errorcode>${escaped(code)}</errorcode></source></detail></soap:Fault></soap:Body></soap:Envelope>`;
}

function soap12({ faultstring, code }: FaultText): string {
  return `<?xml version='1.0' encoding='UTF-8'?><soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Body><soap:Fault><soap:Code><soap:Value>soap:Receiver</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang="en">${escaped(faultstring)}</soap:Text></soap:Reason><soap:Detail><source><errorcode>${escaped(code)}</errorcode></source></soap:Detail></soap:Fault></soap:Body></soap:Envelope>`;
}

/** Characters that XML cannot hold at all are dropped. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
