import { request as httpRequest } from 'node:http';

/** A request as it is to be on the wire; only Content-Length is added. */
export interface WireRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

/** A response as it came over the wire. */
export interface WireResponse {
  readonly status: number;
  readonly reason: string;
  /** In order, names as spelled. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** Sends one request to a port of loopback, on a connection of its own. */
export async function sendRequest(port: number, request: WireRequest): Promise<WireResponse> {
  const { method, target, body } = request;
  const headers = request.headers.flat();
  if (body.byteLength > 0) headers.push('Content-Length', String(body.byteLength));
  return new Promise((resolve, reject) => {
    const sending = httpRequest(
      { host: '127.0.0.1', port, method, path: target, headers, agent: false },
      (response) => {
        // A server that has answered need not read the rest of the request.
        sending.off('error', reject).on('error', () => undefined);
        const chunks: Buffer[] = [];
        response
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .once('error', reject)
          .once('end', () => {
            resolve({
              status: response.statusCode ?? 0,
              reason: response.statusMessage ?? '',
              headers: pairs(response.rawHeaders),
              body: Buffer.concat(chunks),
            });
          });
      },
    );
    sending.once('error', reject).end(body);
  });
}

function pairs(flat: readonly string[]): readonly (readonly [string, string])[] {
  return flat.flatMap((name, index) =>
    index % 2 === 0 ? [[name, flat[index + 1] ?? ''] as const] : [],
  );
}
