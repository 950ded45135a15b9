import type { Message } from '../../message/message.ts';

/**
 * Milliseconds that a response lives by its own headers: `s-maxage`, else `max-age`, else `Expires`
 * ("Support for HTTP response headers"). Zero for one that may not be kept; undefined if they say nothing.
 */
export function lifetimeByHeaders({ headers }: Message, now: number): number | undefined {
  const directives = new Map(
    headers.values('cache-control').map((directive) => {
      const [name = '', value = ''] = directive.split('=', 2);
      return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')] as const;
    }),
  );
  if (['no-store', 'no-cache', 'private'].some((name) => directives.has(name))) return 0;
  const seconds =
    wholeSeconds(directives.get('s-maxage')) ?? wholeSeconds(directives.get('max-age'));
  if (seconds !== undefined) return seconds * 1000;
  const expires = headers.text('expires');
  if (expires === undefined) return undefined;
  const moment = Date.parse(expires);
  // `Expires: 0` and other unreadable dates mean the past (RFC 9111, section 5.3).
  return Number.isNaN(moment) ? 0 : Math.max(moment - now, 0);
}

function wholeSeconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
