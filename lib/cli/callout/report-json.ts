import { isUtf8 } from 'node:buffer';
import type { IncomingResponse } from '../../connection/transport.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { Message } from '../../message/message.ts';
import type { CalloutOutcome } from './run-callout.ts';
import { sentRequest } from '../../connection/sent-request.ts';

type Headers = readonly (readonly [name: string, value: string])[];

/** The one JSON document of `apx callout --json`. */
export function calloutJson(outcome: CalloutOutcome): string {
  const { policy, request, fate, response, fault, lost, printed, variables, diagnostics } = outcome;
  const document = {
    policy: policy.name,
    type: policy.type,
    request: request === undefined || fate === 'unsent' ? null : requestJson(outcome),
    response: response === undefined ? null : responseJson(response),
    fault:
      fault === undefined
        ? null
        : {
            code: fault.code,
            name: fault.name,
            status: fault.status,
            faultstring: fault.faultstring,
          },
    variables,
    ...(printed.length === 0 ? {} : { printed }),
    ...(lost === undefined ? {} : { lost }),
    ...(diagnostics.length === 0 ? {} : { diagnostics }),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** The document for a policy that could not be run at all. */
export function undeployableJson(diagnostics: readonly Diagnostic[]): string {
  const document = {
    policy: null,
    type: null,
    request: null,
    response: null,
    fault: null,
    variables: {},
    diagnostics,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function requestJson({ request }: CalloutOutcome): unknown {
  if (request === undefined) return null;
  const { method, url, headers, body } = sentRequest(request);
  return { method, url, headers, ...bodyJson(headers, body) };
}

function responseJson({ status, reason, headers, body }: IncomingResponse): unknown {
  const lines: Headers = headers.map(([name, value]) => [name.toLowerCase(), value]);
  return { status, reason, headers: lines, ...bodyJson(lines, body) };
}

/** The body as text in its own charset; bytes that are no text are given in base64 as well. */
function bodyJson(headers: Headers, bytes: Uint8Array): { body: string; bodyBase64?: string } {
  const body = bodyText(headers, bytes);
  return isUtf8(bytes) ? { body } : { body, bodyBase64: Buffer.from(bytes).toString('base64') };
}

export function bodyText(headers: Headers, bytes: Uint8Array): string {
  const message = new Message('response');
  message.headers.addAll(headers);
  message.bytes = bytes;
  return message.content;
}
