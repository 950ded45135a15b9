import { expect } from 'chai';
import type { RequestListener } from 'node:http';

import { EventTarget, inResponse, show, whileProxying, type Parts } from './proxying.ts';

const eventFlow = (...steps: readonly string[]) =>
  `<EventFlow name="EventFlow" content-type="text/event-stream"><Response>${steps
    .map((step) => `<Step>${step}</Step>`)
    .join('')}</Response></EventFlow>`;

const write = (name: string, variable: string, template: string) =>
  `<AssignMessage name="${name}"><AssignVariable><Name>response.event.current.${variable}</Name><Template>${template}</Template></AssignVariable></AssignMessage>`;

const number = write(
  'AM-Number',
  'content',
  'id: {response.event.current.count}\ndata: &lt;{response.event.current.data}&gt;',
);

/** What the client gets of events, and of what the target sends at once. */
async function received(parts: Parts, ...chunks: readonly (string | Buffer)[]): Promise<string> {
  const target = new EventTarget();
  let text = '';
  await whileProxying(target.listener, parts, async (url) => {
    const answer = await fetch(url);
    for (const chunk of chunks) target.write(chunk);
    target.end();
    text = await answer.text();
  });
  return text;
}

describe('an EventFlow', () => {
  it('runs for each event, and sends it on before the next is there', async () => {
    const target = new EventTarget();
    const parts = {
      // Whoever looks at single events wants the response as it comes.
      proxy: '',
      target: '',
      targetFlows: eventFlow('<Name>AM-Number</Name>'),
      policies: { 'AM-Number': number },
    };
    await whileProxying(target.listener, parts, async (url, diagnostics) => {
      expect(diagnostics.map(({ code }) => code)).to.deep.equal([]);
      const body = (await fetch(url)).body?.getReader();
      for (const count of [1, 2, 3]) {
        target.write(`data: e${count}\n\n`);
        const part = await body?.read();
        expect(Buffer.from(part?.value ?? []).toString()).to.equal(
          `id: ${count}\ndata: <e${count}>\n\n`,
        );
      }
      target.end();
      expect((await body?.read())?.done).to.equal(true);
    });
  });

  it('counts events, not chunks, and leaves alone what keeps the connection alive', async () => {
    const parts = {
      targetFlows: eventFlow('<Name>AM-Number</Name>'),
      policies: { 'AM-Number': number },
    };
    const text = await received(
      parts,
      'da',
      'ta: a\n\n: still there\n\ndata: b\r\nda',
      'ta: c\r\n\r\n',
    );
    expect(text).to.equal('id: 1\ndata: <a>\n\n: still there\n\nid: 2\ndata: <b\nc>\r\n\r\n');
  });

  it('does not send an event that a policy leaves empty', async () => {
    const parts = {
      targetFlows: eventFlow(
        '<Name>AM-Drop</Name><Condition>response.event.current.data = "secret"</Condition>',
      ),
      policies: {
        'AM-Drop': `<AssignMessage name="AM-Drop"><AssignVariable><Name>response.event.current.content</Name><Value></Value></AssignVariable></AssignMessage>`,
      },
    };
    expect(await received(parts, 'data: a\n\ndata: secret\n\ndata: b\n\n')).to.equal(
      'data: a\n\ndata: b\n\n',
    );
  });

  it('sends other data in the event as it was otherwise', async () => {
    const parts = {
      targetFlows: eventFlow('<Name>AM-Data</Name>'),
      policies: { 'AM-Data': write('AM-Data', 'data', 'x{response.event.current.data}') },
    };
    expect(await received(parts, 'event: e\ndata: a\nid: 7\n\n')).to.equal(
      'event: e\ndata: xa\nid: 7\n\n',
    );
  });

  it('ends the stream with a fault, and gives the target up', async () => {
    const target = new EventTarget();
    const parts = {
      targetFlows: eventFlow(
        '<Name>RF-Stop</Name><Condition>response.event.current.count = 2</Condition>',
      ),
      policies: {
        'RF-Stop': `<RaiseFault name="RF-Stop"><FaultResponse><Set><Payload contentType="text/plain">stopped</Payload></Set></FaultResponse></RaiseFault>`,
      },
    };
    await whileProxying(target.listener, parts, async (url) => {
      const answer = await fetch(url);
      target.write('data: a\n\ndata: b\n\ndata: c\n\n');
      expect(await answer.text()).to.equal('data: a\n\ndata: stopped\n\n');
      await target.abandoned();
    });
  });

  it('leaves response.content empty for the response flows', async () => {
    const parts = {
      targetFlows: inResponse('<Name>AM-Read</Name>') + eventFlow('<Name>AM-Number</Name>'),
      policies: {
        'AM-Number': number,
        'AM-Read': show('AM-Read', 'X-Seen', '[{response.content}]'),
      },
    };
    const target = new EventTarget();
    await whileProxying(target.listener, parts, async (url) => {
      const answer = await fetch(url);
      expect(answer.headers.get('x-seen')).to.equal('[]');
      target.write('data: a\n\n');
      target.end();
      expect(await answer.text()).to.equal('id: 1\ndata: <a>\n\n');
    });
  });

  it('keeps its response out of a ResponseCache, which would keep it without the events', async () => {
    const parts = {
      proxyFlows:
        '<PreFlow><Request><Step><Name>RC</Name></Step></Request><Response><Step><Name>RC</Name></Step></Response></PreFlow>',
      targetFlows: eventFlow('<Name>AM-Number</Name>'),
      policies: {
        'AM-Number': number,
        RC: '<ResponseCache name="RC"><CacheKey><KeyFragment>k</KeyFragment></CacheKey><ExpirySettings><TimeoutInSeconds>60</TimeoutInSeconds></ExpirySettings></ResponseCache>',
      },
    };
    const answerOf: RequestListener = (_request, outgoing) => {
      outgoing.writeHead(200, { 'Content-Type': 'text/event-stream' }).end('data: a\n\n');
    };
    await whileProxying(answerOf, parts, async (url) => {
      for (let request = 0; request < 2; request += 1) {
        expect(await (await fetch(url)).text()).to.equal('id: 1\ndata: <a>\n\n');
      }
    });
  });

  it('gives way to a payload that a response flow sets', async () => {
    const target = new EventTarget();
    const parts = {
      targetFlows: inResponse('<Name>AM-Set</Name>') + eventFlow('<Name>AM-Number</Name>'),
      policies: {
        'AM-Number': number,
        'AM-Set': `<AssignMessage name="AM-Set"><Set><Payload contentType="text/plain">instead</Payload></Set></AssignMessage>`,
      },
    };
    await whileProxying(target.listener, parts, async (url) => {
      expect(await (await fetch(url)).text()).to.equal('instead');
      await target.abandoned();
    });
  });

  it('does not run for another type, an error, or a compressed stream', async () => {
    const answers: readonly (readonly [status: number, headers: Record<string, string>])[] = [
      [200, { 'Content-Type': 'text/plain' }],
      [500, { 'Content-Type': 'text/event-stream' }],
      [200, { 'Content-Type': 'text/event-stream', 'Content-Encoding': 'br' }],
    ];
    const parts = {
      targetFlows: eventFlow('<Name>AM-Number</Name>'),
      policies: { 'AM-Number': number },
    };
    for (const [status, headers] of answers) {
      await whileProxying(
        (_request, outgoing) => outgoing.writeHead(status, headers).end('data: a\n\n'),
        parts,
        async (url) => {
          const answer = await fetch(url, { headers: { 'Accept-Encoding': 'identity' } });
          expect(answer.status).to.equal(status);
          if (headers['Content-Encoding'] === undefined)
            expect(await answer.text()).to.equal('data: a\n\n');
          else await answer.body?.cancel();
        },
      );
    }
  });

  it('breaks off at an event that has no end', async () => {
    const target = new EventTarget();
    const parts = {
      targetFlows: eventFlow('<Name>AM-Number</Name>'),
      policies: { 'AM-Number': number },
    };
    await whileProxying(target.listener, parts, async (url) => {
      const answer = await fetch(url);
      target.write(`data: ${'x'.repeat(11 * 1024 * 1024)}`);
      const outcome = await answer.text().then(
        () => 'whole',
        () => 'broken',
      );
      expect(outcome).to.equal('broken');
      await target.abandoned();
    });
  });

  it('gives the target up when the client goes away between two events', async () => {
    const target = new EventTarget();
    const parts = {
      targetFlows: eventFlow('<Name>AM-Number</Name>'),
      policies: { 'AM-Number': number },
    };
    await whileProxying(target.listener, parts, async (url) => {
      const controller = new AbortController();
      const answer = await fetch(url, { signal: controller.signal });
      target.write('data: 1\n\n');
      await answer.body?.getReader().read();
      controller.abort();
      await target.abandoned();
    });
  });

  it('is reported where it stands without effect: in a proxy endpoint', async () => {
    const target = new EventTarget();
    const parts = {
      proxyFlows: eventFlow('<Name>AM-Number</Name>'),
      policies: { 'AM-Number': number },
    };
    await whileProxying(target.listener, parts, (_url, diagnostics) => {
      const found = diagnostics.map(({ code, severity }) => `${severity} ${code}`);
      expect(found).to.include('warning event-flow-not-run');
      return Promise.resolve();
    });
  });
});
