/** The service that callouts call, in a process of its own; tells its port to whoever forked it. */
import { createServer, type AddressInfo } from 'node:net';
import { createServer as createHttpServer } from 'node:http';
import { geocodeAnswer } from './geocode.ts';

const server =
  process.argv[2] === 'http'
    ? createHttpServer({ keepAliveTimeout: 60_000 }, (_request, response) => {
        response.setHeader('Content-Type', 'application/json');
        response.end(geocodeAnswer);
      })
    : createServer({ noDelay: true }, (socket) => {
        const answer = Buffer.from(
          'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n' +
            'Date: Thu, 01 Jan 1970 00:00:00 GMT\r\nConnection: keep-alive\r\n' +
            `Keep-Alive: timeout=60\r\nContent-Length: ${Buffer.byteLength(geocodeAnswer)}\r\n\r\n${geocodeAnswer}`,
        );
        socket.on('error', () => socket.destroy());
        socket.on('data', () => socket.write(answer));
      });
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
