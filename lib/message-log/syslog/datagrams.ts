import { createSocket } from 'node:dgram';
import { isIPv6, type LookupFunction } from 'node:net';
import { Undeliverable } from '../outlet.ts';
import type { SyslogWire } from './wire.ts';

/** Syslog over UDP (RFC 5426): one datagram a frame, and no word of whether it arrived. */
export function datagramWire(
  { host, port }: { readonly host: string; readonly port: number },
  lookup: LookupFunction,
): SyslogWire {
  const socket = createSocket({
    type: isIPv6(host) ? 'udp6' : 'udp4',
    // The types ask for a lookup of names to addresses of any family.
    lookup: (name, options, callback) => {
      lookup(name, { ...options, all: false }, (error, address, family) => {
        callback(error, typeof address === 'string' ? address : '', family ?? 4);
      });
    },
  });
  socket.unref();
  socket.on('error', () => {
    // Each send tells its own failure.
  });
  const send = (frame: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      socket.send(frame, port, host, (error) => {
        if (error === null) resolve();
        else reject(new Undeliverable(error.message, { cause: error }));
      });
    });
  return {
    async send(frames) {
      await Promise.all(frames.map(send));
    },
    close() {
      socket.close();
    },
  };
}
