import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const places: Readonly<
  Record<string, { readonly name: string; readonly lat: number; readonly lng: number }>
> = {
  '94043': { name: 'Mountain View, CA 94043, USA', lat: 37.4193, lng: -122.0583 },
  '10115': { name: '10115 Berlin, Germany', lat: 52.5323, lng: 13.3846 },
};

/** A small geocoding service on loopback, so that the example needs no network. */
export async function startGeocodingService(): Promise<{ readonly url: string; stop(): void }> {
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const place = places[searchParams.get('address') ?? ''];
    response.statusCode = place === undefined ? 404 : 200;
    response.setHeader('Content-Type', 'application/json');
    response.end(
      JSON.stringify(
        place === undefined
          ? { status: 'ZERO_RESULTS', results: [] }
          : {
              status: 'OK',
              results: [
                {
                  formatted_address: place.name,
                  geometry: { location: { lat: place.lat, lng: place.lng } },
                },
              ],
            },
      ),
    );
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}`, stop: () => server.close() };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}
