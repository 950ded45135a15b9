import { UsageError } from '../exit.ts';

/** A host and a port as a URL has them: an IPv6 address stands in brackets. */
export function authority(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** What to tell the operator of an address that cannot be had; `flag` is the option that named the port. */
export function cannotListen(flag: string, host: string, port: number, error: unknown): UsageError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const problem = code === 'EADDRINUSE' ? 'somebody listens there already' : code;
  return new UsageError(`${flag} ${port}: cannot listen on ${authority(host, port)}: ${problem}`);
}
