import { createHmac } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { expect } from 'chai';
import express from 'express';
import { createApp as expressApp } from '../../examples/express/app.ts';
import { createApp as fastifyApp } from '../../examples/fastify/app.ts';
import { createApp as honoApp } from '../../examples/hono/app.ts';
import { createSigningGateway } from '../../examples/own-policy/app.ts';
import { createApp as webApp } from '../../examples/web/app.ts';
import { createGateway, type Gateway } from '../../lib/gateway/gateway.ts';
import { greeting, whileListening } from './serving.ts';

type Send = (path: string, init?: RequestInit) => Promise<Response>;

/** Runs `use` against an application that embeds the gateway. */
type Embedding = (gateway: Gateway, use: (send: Send) => Promise<void>) => Promise<void>;

const embeddings: Readonly<Record<string, Embedding>> = {
  Express: (gateway, use) =>
    whileListening(expressApp(gateway), (url) => use((path, init) => fetch(url + path, init))),
  async Fastify(gateway, use) {
    const app = fastifyApp(gateway);
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    try {
      await use((path, init) => fetch(url + path, init));
    } finally {
      await app.close();
    }
  },
  Hono(gateway, use) {
    const app = honoApp(gateway);
    return use(async (path, init) => app.fetch(new Request(`http://a${path}`, init)));
  },
  'a fetch handler'(gateway, use) {
    const app = webApp(gateway);
    return use((path, init) => app.fetch(new Request(`http://a${path}`, init)));
  },
};

for (const [name, embed] of Object.entries(embeddings)) {
  describe(`a gateway inside ${name}`, () => {
    const inside = (use: (send: Send) => Promise<void>) => async () => {
      const gateway = await createGateway({ bundles: [await greeting()] });
      try {
        await embed(gateway, use);
      } finally {
        await gateway.close();
      }
    };

    it(
      'leaves the application its own routes',
      inside(async (send) => {
        expect(await (await send('/status')).json()).to.deep.equal({ ok: true });
      }),
    );

    it(
      'runs the proxies, bodies included',
      inside(async (send) => {
        const response = await send('/greeting?name=Ada', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '[1]',
        });
        expect(response.status).to.equal(200);
        expect(await response.json()).to.deep.equal({
          greeting: 'Hello, Ada',
          verb: 'POST',
          sent: '[1]',
        });
      }),
    );

    it(
      'answers for paths that nobody has as Apigee does',
      inside(async (send) => {
        const response = await send('/nope');
        expect(response.status).to.equal(404);
        expect(await response.text()).to.contain('ApplicationNotFound');
      }),
    );
  });
}

describe('a gateway with an implementation of a JavaCallout', () => {
  const sign = async (body: string): Promise<Response> => {
    const gateway = await createSigningGateway();
    const response = await gateway.handle(new Request('http://a/sign', { method: 'POST', body }));
    await gateway.close();
    return response;
  };

  it('runs it in the place of the class', async () => {
    const digest = createHmac('sha256', 'a secret').update('order 7').digest('hex');
    expect(await (await sign('order 7')).text()).to.equal(digest);
  });

  it('answers with the fault that it raises', async () => {
    const response = await sign('');
    expect(response.status).to.equal(400);
    expect(await response.text()).to.contain('There is nothing to sign');
  });
});

describe('a gateway behind a parser of bodies', () => {
  const parsers = [
    ['express.json', express.json(), 'application/json', '{"a": 1}', '{"a":1}'],
    [
      'express.urlencoded',
      express.urlencoded(),
      'application/x-www-form-urlencoded',
      'a=1&b=x+y&a=2',
      'a=1&a=2&b=x+y',
    ],
    ['express.text', express.text(), 'text/plain', 'plain € text', 'plain € text'],
    ['express.raw', express.raw(), 'application/octet-stream', 'bytes', 'bytes'],
    ['no parser that wants it', express.json(), 'text/plain', 'left alone', 'left alone'],
  ] as const;
  for (const [title, parser, type, body, expected] of parsers) {
    it(`takes what ${title} made of the body`, async () => {
      const gateway = await createGateway({ bundles: [await greeting()] });
      const app = express().use(parser).use(gateway.nodeHandler);
      await whileListening(app, async (url) => {
        const response = await fetch(`${url}/greeting`, {
          method: 'POST',
          headers: { 'content-type': type },
          body,
        });
        const text = await response.text();
        expect(text.slice(text.indexOf('"sent":"') + 8, -2)).to.equal(expected);
      });
      await gateway.close();
    });
  }

  it('answers 500 rather than forget a body that somebody read and did not keep', async () => {
    const errors: unknown[] = [];
    const gateway = await createGateway({
      bundles: [await greeting()],
      log: { warn: () => undefined, error: (details) => errors.push(details) },
    });
    const reading: RequestListener = (request, response) => {
      request.resume().on('end', () => {
        gateway.nodeHandler(request, response);
      });
    };
    await whileListening(reading, async (url) => {
      const response = await fetch(`${url}/greeting`, { method: 'POST', body: 'x' });
      expect(response.status).to.equal(500);
      expect(errors).to.have.length(1);
    });
    await gateway.close();
  });
});
