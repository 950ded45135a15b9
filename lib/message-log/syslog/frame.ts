import type { LogLevel, MessageLogEntry, SyslogDestination } from '../message-log.ts';
import { oneLine } from '../one-line.ts';

/** Severities of RFC 5424. */
const severities: Readonly<Record<LogLevel, number>> = { ALERT: 1, ERROR: 3, WARN: 4, INFO: 6 };
/** User-level messages. */
const facility = 1;
/** A datagram of IPv4 holds 65,507 bytes. */
const longestDatagram = 65_000;

/**
 * An entry as it goes over the wire: `<14>1 TIME HOST Apigee - - - MESSAGE` ("MessageLogging policy",
 * FormatMessage). Over TCP its length stands before it (RFC 6587, octet counting); a bare message has no
 * header, and over TCP ends with a line feed.
 *
 * @param host what names this program in the header
 */
export function syslogFrame(
  { level, payload }: MessageLogEntry,
  { form, protocol, timestamp }: SyslogDestination,
  host: string,
): Uint8Array {
  const text = oneLine(payload.kind === 'json' ? JSON.stringify(payload.object) : payload.text);
  const header =
    form === 'payload-only'
      ? ''
      : `<${facility * 8 + severities[level]}>1 ${timestamp.replace(/[^\x21-\x7e]/g, '_')} ${host} Apigee - - - `;
  const bytes = Buffer.from(header + text, 'utf8');
  if (protocol === 'UDP') return wholeCharacters(bytes, longestDatagram);
  return Buffer.concat(
    form === 'payload-only'
      ? [bytes, Buffer.from('\n')]
      : [Buffer.from(`${bytes.byteLength} `), bytes],
  );
}

/** The first bytes, without a character of UTF-8 that is cut in two. */
function wholeCharacters(bytes: Buffer, limit: number): Buffer {
  if (bytes.byteLength <= limit) return bytes;
  let end = limit;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}
