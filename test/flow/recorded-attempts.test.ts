import { expect } from 'chai';
import { memoryTraces } from '../../lib/trace/memory-traces.ts';
import type { Message } from '../../lib/message/message.ts';
import type { MessageEvent } from '../../lib/trace/recorder.ts';
import { TransactionRecorder } from '../../lib/trace/transaction-recorder.ts';
import { always, ok, RawServer } from '../connection/wire/raw-server.ts';
import { clientRequest, deployed, environmentOf, proxyTo } from './deployed.ts';

/** Notes the messages of a transaction as they are told. */
class Messages extends TransactionRecorder {
  readonly told: (readonly [event: MessageEvent, host: string | null])[] = [];

  constructor() {
    super(() => undefined);
  }

  override message(...args: Parameters<TransactionRecorder['message']>): void {
    const message: Message = args[2];
    this.told.push([args[1], message.headers.text('host') ?? null]);
    super.message(...args);
  }
}

describe('the record of a call to load-balanced servers', () => {
  it('tells each attempt with the host that it went to, and the answer once', async () => {
    const target = await RawServer.start(always(ok));
    const { port } = target;
    const environment = environmentOf({ t1: { port: 1 }, t2: { port } });
    const proxy = proxyTo('<LoadBalancer><Server name="t1"/><Server name="t2"/></LoadBalancer>');
    const { deployment, close } = await deployed({ shop: proxy }, { environment });
    const messages = new Messages();
    try {
      await deployment.handle(clientRequest(), messages);
    } finally {
      await close();
      await target.close();
    }
    expect(messages.told).to.deep.equal([
      ['request-received', 'api.test'],
      ['request-sent', '127.0.0.1:1'],
      ['request-sent', `127.0.0.1:${port}`],
      ['response-received', null],
      ['response-sent', null],
    ]);
  });

  it('leaves the host of the client in `request`', async () => {
    const target = await RawServer.start(always(ok));
    const environment = environmentOf({ t1: { port: target.port } });
    const proxy = proxyTo('<LoadBalancer><Server name="t1"/></LoadBalancer>', {
      target: '<PreFlow><Response><Step><Name>AM-Show</Name></Step></Response></PreFlow>',
      policies: {
        'policies/AM-Show.xml':
          '<AssignMessage name="AM-Show"><Set><Headers><Header name="X-Host">{request.header.host}</Header></Headers></Set></AssignMessage>',
      },
    });
    const { deployment, close } = await deployed({ shop: proxy }, { environment });
    try {
      const traces = memoryTraces();
      const handled = await deployment.handle(clientRequest(), traces.recorderFor());
      expect(handled?.response.headers.find(([name]) => name === 'X-Host')?.[1]).to.equal(
        'api.test',
      );
    } finally {
      await close();
      await target.close();
    }
  });
});
