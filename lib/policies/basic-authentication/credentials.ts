export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** The header's value, the credentials in UTF-8 (RFC 7617). */
export function encodeCredentials({ user, password }: Credentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
}

const basic = /^basic +([A-Za-z0-9+/]+={0,2})$/i;

/** Undefined for anything but `Basic` and the base64 text of a user, a colon and a password. */
export function decodeCredentials(header: string): Credentials | undefined {
  const base64 = basic.exec(header.trim())?.[1];
  if (base64 === undefined) return undefined;
  const text = Buffer.from(base64, 'base64').toString('utf8');
  // A user name cannot hold a colon; a password can.
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
