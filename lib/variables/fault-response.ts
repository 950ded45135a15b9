import { STATUS_CODES } from 'node:http';
import {
  faultEnvelope,
  soapFaultEnvelope,
  xmlFaultEnvelope,
  type FaultText,
} from '../fault/envelope.ts';
import { Fault, type FaultInit } from '../fault/fault.ts';
import { isXmlType, mediaTypeOf } from '../message/media-type.ts';
import { Message } from '../message/message.ts';

/** A fault that brings its error response along, instead of the one made from its text. */
export class FaultWithResponse extends Fault {
  readonly response: Message;

  constructor(init: Omit<FaultInit, 'status'>, response: Message) {
    super({ ...init, status: response.statusCode ?? 500 });
    this.response = response;
  }
}

/** The error response that is pending after a fault; `request` is the client's. */
export function faultResponse(fault: Fault, request: Message | undefined): Message {
  if (fault instanceof FaultWithResponse) return fault.response;
  const message = new Message('response');
  message.statusCode = fault.status;
  message.reasonPhrase = standardReason(fault.status);
  writeFaultBody(message, fault, request);
  return message;
}

/** Fills in the body that a fault has when nobody wrote one, in the format of the client's request. */
export function writeFaultBody(
  message: Message,
  fault: FaultText,
  request: Message | undefined,
): void {
  const format = formatFor(request);
  message.headers.set('Content-Type', format.contentType);
  message.content = format.write(fault);
}

/** Where Apigee's phrase is not node's ("413 Request Entity Too Large - TooBigBody"). */
const ownReasons: Readonly<Record<number, string>> = {
  413: 'Request Entity Too Large',
  414: 'Request-URI Too Long',
};

/** The usual phrase for a status; null for one that has none. */
export function standardReason(status: number): string | null {
  return ownReasons[status] ?? STATUS_CODES[status] ?? null;
}

interface Format {
  readonly contentType: string;
  readonly write: (fault: FaultText) => string;
}

const json: Format = { contentType: 'application/json', write: faultEnvelope };
const xml: Format = { contentType: 'application/xml', write: xmlFaultEnvelope };
const soap11: Format = { contentType: 'text/xml', write: soapFaultEnvelope('1.1') };
const soap12: Format = { contentType: 'application/soap+xml', write: soapFaultEnvelope('1.2') };

/** XML for XML and SOAP for SOAP; without a Content-Type, what Accept asks for; JSON in all other cases. */
function formatFor(request: Message | undefined): Format {
  if (request === undefined) return json;
  const contentType = request.headers.first('content-type');
  if (contentType === undefined) return acceptsOnlyXml(request) ? xml : json;
  const type = mediaTypeOf(contentType);
  if (type === 'application/soap+xml') return soap12;
  if (!isXmlType(type)) return json;
  return request.headers.has('soapaction') ? soap11 : xml;
}

function acceptsOnlyXml({ headers }: Message): boolean {
  const types = headers.values('accept').map(mediaTypeOf);
  const isOther = (type: string): boolean =>
    type === '*/*' || type === 'text/html' || type === 'application/json' || type.endsWith('+json');
  return types.some(isXmlType) && !types.some(isOther);
}
