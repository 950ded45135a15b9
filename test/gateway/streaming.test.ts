import { expect } from 'chai';
import { EventEmitter, once } from 'node:events';
import { request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { EventTarget, inResponse, show, whileProxying, type Parts } from './proxying.ts';

describe('streaming through a proxy', () => {
  it('passes each event on before the next is sent', async () => {
    const target = new EventTarget();
    const parts = {
      proxyFlows: inResponse('<Name>AM-Status</Name>'),
      policies: { 'AM-Status': show('AM-Status', 'X-Status', '{response.status.code}') },
    };
    await whileProxying(target.listener, parts, async (url) => {
      const answer = await fetch(url);
      expect(answer.headers.get('content-type')).to.equal('text/event-stream');
      expect(answer.headers.get('x-status')).to.equal('200');
      const body = answer.body?.getReader();
      for (const event of ['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n']) {
        target.write(event);
        const part = await body?.read();
        expect(Buffer.from(part?.value ?? []).toString()).to.equal(event);
      }
      target.end();
      expect((await body?.read())?.done).to.equal(true);
    });
  });

  const buffered: [title: string, parts: Parts][] = [
    ['only the target wants to stream', { proxy: '' }],
    ['only the proxy wants to stream', { target: '' }],
    [
      'a policy reads the payload',
      {
        proxyFlows: inResponse('<Name>AM-Read</Name>'),
        policies: { 'AM-Read': show('AM-Read', 'X-Seen', '{response.content}') },
      },
    ],
    [
      'a condition reads the payload',
      {
        targetFlows: inResponse(
          '<Name>AM-Seen</Name><Condition>response.content = "onetwo"</Condition>',
        ),
        policies: { 'AM-Seen': show('AM-Seen', 'X-Seen', 'onetwo') },
      },
    ],
  ];
  for (const [title, parts] of buffered) {
    it(`takes the whole response in where ${title}`, async () => {
      const target = new EventTarget();
      await whileProxying(target.listener, parts, async (url) => {
        const answering = fetch(url);
        await target.asked();
        target.write('one');
        target.write('two');
        target.end();
        const answer = await answering;
        expect(answer.headers.get('content-length')).to.equal('6');
        expect(await answer.text()).to.equal('onetwo');
        if (parts.policies !== undefined) expect(answer.headers.get('x-seen')).to.equal('onetwo');
      });
    });
  }

  it('lets fault rules read the body of a response that counts as an error', async () => {
    const parts = {
      targetFlows: `<DefaultFaultRule name="all"><Step><Name>AM-Read</Name></Step></DefaultFaultRule>`,
      policies: { 'AM-Read': show('AM-Read', 'X-Seen', '{response.content}') },
    };
    await whileProxying(
      (_request, outgoing) => outgoing.writeHead(500).end('boom'),
      parts,
      async (url) => {
        const answer = await fetch(url);
        expect(answer.status).to.equal(500);
        expect(answer.headers.get('x-seen')).to.equal('boom');
        expect(await answer.text()).to.equal('boom');
      },
    );
  });

  it('answers 502 where a policy wants to read more than the limit', async () => {
    const parts = {
      proxyFlows: inResponse('<Name>AM-Read</Name>'),
      policies: { 'AM-Read': show('AM-Read', 'X-Seen', '{response.content}') },
    };
    const megabyte = Buffer.alloc(1024 * 1024, 'a');
    const flood = (_request: IncomingMessage, outgoing: ServerResponse): void => {
      const more = (): void => {
        while (!outgoing.destroyed && outgoing.write(megabyte));
        if (!outgoing.destroyed) outgoing.once('drain', more);
      };
      more();
    };
    await whileProxying(flood, parts, async (url) => {
      const answer = await fetch(url);
      expect(answer.status).to.equal(502);
      expect(await answer.text()).to.contain('protocol.http.TooBigBody');
    });
  });

  const unreadable: [title: string, body: Buffer, code: string][] = [
    ['does not decode', Buffer.from('plain'), 'DecompressionFailureAtResponse'],
    ['grows beyond the limit', gzipSync(Buffer.alloc(11 * 1024 * 1024)), 'TooBigBody'],
  ];
  for (const [title, body, code] of unreadable) {
    it(`answers 502 where a policy wants to read what ${title}`, async () => {
      const parts = {
        proxyFlows: inResponse('<Name>AM-Read</Name>'),
        policies: { 'AM-Read': show('AM-Read', 'X-Seen', '{response.content}') },
      };
      await whileProxying(
        (_request, outgoing) => outgoing.writeHead(200, { 'Content-Encoding': 'gzip' }).end(body),
        parts,
        async (url) => {
          const answer = await fetch(url);
          expect(answer.status).to.equal(502);
          expect(await answer.text()).to.contain(code);
        },
      );
    });
  }

  it('passes a body of any size where nobody reads it', async () => {
    const parts = 24;
    const megabyte = Buffer.alloc(1024 * 1024, 'a');
    await whileProxying(
      (_request, outgoing) => {
        for (let part = 0; part < parts; part += 1) outgoing.write(megabyte);
        outgoing.end();
      },
      {},
      async (url) => {
        const { byteLength } = await (await fetch(url)).arrayBuffer();
        expect(byteLength).to.equal(parts * megabyte.length);
      },
    );
  });

  it('gives the target up when the client goes away', async () => {
    const target = new EventTarget();
    await whileProxying(target.listener, {}, async (url) => {
      const controller = new AbortController();
      const answer = await fetch(url, { signal: controller.signal });
      target.write('data: 1\n\n');
      await answer.body?.getReader().read();
      controller.abort();
      await target.abandoned();
    });
  });

  it('breaks off where the target does, so that the client notices', async () => {
    const target = new EventTarget();
    await whileProxying(target.listener, {}, async (url) => {
      const answer = await fetch(url);
      const body = answer.body?.getReader();
      target.write('data: 1\n\n');
      await body?.read();
      target.break();
      const rest = await body?.read().then(
        () => 'whole',
        () => 'broken',
      );
      expect(rest).to.equal('broken');
    });
  });

  it('gives the target up when a policy answers something else', async () => {
    const target = new EventTarget();
    const parts = {
      proxyFlows: inResponse('<Name>RF-Stop</Name>'),
      policies: {
        'RF-Stop': `<RaiseFault name="RF-Stop"><FaultResponse><Set><StatusCode>403</StatusCode>
          <Payload>stopped</Payload></Set></FaultResponse></RaiseFault>`,
      },
    };
    await whileProxying(target.listener, parts, async (url) => {
      const answer = await fetch(url);
      expect(answer.status).to.equal(403);
      expect(await answer.text()).to.equal('stopped');
      await target.abandoned();
    });
  });

  it('passes a request on as it comes', async () => {
    const parts = new EventEmitter();
    const seen: string[] = [];
    const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
      incoming.on('data', (chunk: Buffer) => {
        seen.push(chunk.toString());
        parts.emit('part');
      });
      incoming.on('end', () => outgoing.end(seen.join()));
    };
    await whileProxying(listener, {}, async (url) => {
      const client = send(url, { method: 'POST' });
      const answered = once(client, 'response');
      for (const text of ['one', 'two']) {
        const part = once(parts, 'part');
        client.write(text);
        await part;
        expect(seen.at(-1)).to.equal(text);
      }
      client.end();
      const [answer] = (await answered) as [IncomingMessage];
      expect(answer.statusCode).to.equal(200);
      let body = '';
      for await (const chunk of answer) body += String(chunk);
      expect(body).to.equal('one,two');
    });
  });

  it('takes a request in for a policy that reads it, up to the limit', async () => {
    const parts = {
      proxyFlows: '<PreFlow><Request><Step><Name>AM-Read</Name></Step></Request></PreFlow>',
      policies: { 'AM-Read': show('AM-Read', 'X-Seen', '{request.content}') },
    };
    const echo = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
      outgoing.end(
        `${String(incoming.headers['x-seen'])} ${String(incoming.headers['content-length'])}`,
      );
      incoming.resume();
    };
    await whileProxying(echo, parts, async (url) => {
      const small = await fetch(url, { method: 'POST', body: 'payload' });
      expect(await small.text()).to.equal('payload 7');
      const large = await fetch(url, { method: 'POST', body: 'x'.repeat(11 * 1024 * 1024) });
      expect(large.status).to.equal(413);
      expect(await large.text()).to.contain('protocol.http.TooBigBody');
    });
  });
});
