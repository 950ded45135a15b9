import type {
  HeaderLines,
  ObservedCall,
  ObservedResponse,
} from '../../matching/compare-message.ts';
import { bodyBytes } from '../../suite/body.ts';
import type { RequestInit } from '../../suite/case.ts';
import { linesOf } from '../../doubles/answers.ts';
import { html, type Markup } from './markup.ts';
import { readableBody } from './readable-value.ts';

/** A client's request, its parts already worked out. */
export function requestBlock({ method, target, headers, body }: RequestInit): Markup {
  const start = `${method ?? 'GET'} ${target ?? '/'}`;
  const bytes = body === undefined ? new Uint8Array() : bodyBytes(body);
  return messageBlock(start, linesOf(headers ?? {}), bytes);
}

export function responseBlock({ status, reason, headers, body }: ObservedResponse): Markup {
  return messageBlock(`${status} ${reason}`, headers, body);
}

export function callBlock({ method, url, headers, body }: ObservedCall): Markup {
  return messageBlock(`${method} ${url}`, headers, body);
}

function messageBlock(start: string, headers: HeaderLines, body: Uint8Array): Markup {
  const lines = headers.map(([name, value]) => `${name}: ${value}\n`).join('');
  const content = body.byteLength === 0 ? '' : `\n${readableBody(body)}`;
  return html`<pre><strong>${start}</strong>
${lines}${content}</pre>`;
}
