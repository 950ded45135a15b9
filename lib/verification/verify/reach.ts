import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { systemClock } from '../../host/clock.ts';

/**
 * Opens a connection to a gateway, with TLS for https, and closes it again.
 * @returns why that cannot be done, or undefined
 */
export function whyUnreachable(url: URL, patience: number): Promise<string | undefined> {
  const isSecure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  return new Promise((resolve) => {
    const socket = isSecure
      ? connectTls({ host, port, ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }) })
      : connect({ host, port });
    const end = (why: string | undefined): void => {
      timer.cancel();
      socket.destroy();
      resolve(why);
    };
    const timer = systemClock.after(patience, () => {
      end(`no connection within ${patience} ms`);
    });
    socket.once(isSecure ? 'secureConnect' : 'connect', () => {
      end(undefined);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      end(error.code === 'ECONNREFUSED' ? 'nobody listens there' : error.message || error.code);
    });
  });
}
