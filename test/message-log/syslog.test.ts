import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { platformLookup } from '../../lib/connection/egress.ts';
import type { TlsSettings } from '../../lib/connection/transport.ts';
import { systemClock } from '../../lib/host/clock.ts';
import type { Log } from '../../lib/host/log.ts';
import { createMessageDelivery } from '../../lib/message-log/delivery.ts';
import type {
  MessageLog,
  MessageLogEntry,
  SyslogDestination,
} from '../../lib/message-log/message-log.ts';
import { streamWire } from '../../lib/message-log/syslog/stream.ts';
import { unavailableServices } from '../../lib/policies/unavailable-services.ts';
import { streamCollector, udpCollector } from './syslog-server.ts';

const certificates = path.resolve(import.meta.dirname, '../../fixtures/certificates');
const pem = (name: string): Promise<string> =>
  readFile(path.join(certificates, `${name}.pem`), 'utf8');

const uuid = '00000000-0000-4000-8000-000000000000';

interface Delivery {
  readonly log: MessageLog;
  readonly told: readonly string[];
}

function delivery(egress?: 'public'): Delivery {
  const told: string[] = [];
  const log: Log = {
    warn: ({ error }, message) =>
      told.push(error instanceof Error ? `${message}: ${error.message}` : message),
    error: () => undefined,
  };
  const { transport, tokens } = unavailableServices;
  return {
    told,
    log: createMessageDelivery({
      host: { clock: systemClock, log, random: { uuid: () => uuid, bytes: () => Buffer.of() } },
      transport,
      tokens,
      egress,
      directory: 'unused',
    }),
  };
}

function entry(text: string, destination: Partial<SyslogDestination>): MessageLogEntry {
  return {
    policy: 'ML',
    level: 'INFO',
    timestamp: 0,
    payload: { kind: 'text', text },
    destination: {
      kind: 'syslog',
      host: '127.0.0.1',
      port: 514,
      protocol: 'UDP',
      tls: undefined,
      form: 'with-header',
      timestamp: '2026-01-02T03:04:05.678+0000',
      ...destination,
    },
  };
}

const header = `<14>1 2026-01-02T03:04:05.678+0000 ${uuid} Apigee - - - `;
const counted = (text: string): string => `${Buffer.byteLength(header + text)} ${header}${text}`;

describe('syslog over UDP', () => {
  it('is one datagram a message, with a header of fixed width', async () => {
    const collector = await udpCollector();
    const { log } = delivery();
    for (const text of ['one', 'zwei €']) log.write(entry(text, { port: collector.port }));
    await collector.holds((header + 'one').length + (header + 'zwei €').length);
    expect([...collector.received].sort()).to.deep.equal([`${header}one`, `${header}zwei €`]);
    await log.close?.();
    await collector.close();
  });

  it('says the level as a severity', async () => {
    const collector = await udpCollector();
    const { log } = delivery();
    for (const level of ['ALERT', 'ERROR', 'WARN', 'INFO'] as const) {
      log.write({ ...entry('x', { port: collector.port }), level });
    }
    await collector.holds(4 * `${header}x`.length - 3);
    const priorities = collector.received.map((text) => /^<\d+>/.exec(text)?.[0]).sort();
    expect(priorities).to.deep.equal(['<11>', '<12>', '<14>', '<9>']);
    await log.close?.();
    await collector.close();
  });

  it('leaves the header out where the payload alone is wanted', async () => {
    const collector = await udpCollector();
    const { log } = delivery();
    log.write(entry('bare', { port: collector.port, form: 'payload-only' }));
    await collector.holds(4);
    expect(collector.received).to.deep.equal(['bare']);
    await log.close?.();
    await collector.close();
  });

  it('cuts what no datagram can hold, between two characters', async () => {
    const collector = await udpCollector();
    const { log, told } = delivery();
    const text = '€'.repeat(40_000);
    log.write(entry(text, { port: collector.port, form: 'payload-only' }));
    await collector.holds(21_666);
    expect(collector.received).to.deep.equal(['€'.repeat(21_666)]);
    await log.close?.();
    expect(told).to.be.empty;
    await collector.close();
  });

  it('tells once of a server that has no address', async () => {
    const { log, told } = delivery();
    log.write(entry('a', { host: 'nobody.invalid' }));
    log.write(entry('b', { host: 'nobody.invalid' }));
    await log.close?.();
    expect(told[0]).to.match(/^Log messages could not be delivered: .*nobody\.invalid/);
    expect(told.slice(1)).to.deep.equal(['Log messages were dropped']);
  });
});

describe('syslog over TCP', () => {
  it('counts the bytes of each frame', async () => {
    const collector = await streamCollector();
    const { log } = delivery();
    const frames = ['one', 'zwei €'].map(counted).join('');
    for (const text of ['one', 'zwei €']) {
      log.write(entry(text, { port: collector.port, protocol: 'TCP' }));
    }
    await collector.holds(frames.length);
    expect(collector.received).to.deep.equal([frames]);
    await log.close?.();
    await collector.close();
  });

  it('ends a bare message with a line feed', async () => {
    const collector = await streamCollector();
    const { log } = delivery();
    for (const text of ['a', 'b']) {
      log.write(entry(text, { port: collector.port, protocol: 'TCP', form: 'payload-only' }));
    }
    await collector.holds(4);
    expect(collector.received).to.deep.equal(['a\nb\n']);
    await log.close?.();
    await collector.close();
  });

  const forged = [
    '\n<8>1 - evil - - - - all is well',
    '\r\n<8>1 forged',
    '\r<8>1 forged',
    '\u0085forged',
    '\u2028forged',
    '\0forged',
    '\u001b[2Jforged',
  ];
  for (const text of forged) {
    it(`lets nobody forge a frame with ${JSON.stringify(text)}`, async () => {
      const collector = await streamCollector();
      const datagrams = await udpCollector();
      const { log } = delivery();
      const form = 'payload-only';
      log.write(entry(`id=${text}`, { port: collector.port, protocol: 'TCP', form }));
      log.write(entry(`id=${text}`, { port: datagrams.port, form }));
      const safe = `id=${text.replace(/\r\n|[\r\n\0\u001b\u0085\u2028]/, ' ')}`;
      await collector.holds(safe.length + 1);
      await datagrams.holds(safe.length);
      expect(collector.received).to.deep.equal([`${safe}\n`]);
      expect(datagrams.received).to.deep.equal([safe]);
      await log.close?.();
      await collector.close();
      await datagrams.close();
    });
  }

  it('connects again when the server has gone and come back', async () => {
    const first = await streamCollector();
    const { port } = first;
    const wire = streamWire({ host: '127.0.0.1', port, tls: undefined }, platformLookup);
    const { signal } = new AbortController();
    await wire.send([Buffer.from('before')], signal);
    await first.holds('before'.length);
    await first.close();
    const second = await streamCollector({ port });
    // What is sent before the end of the connection is known may be lost; what follows is not.
    for (let nth = 0; nth < 1_000 && second.received.length === 0; nth += 1) {
      await wire.send([Buffer.from('after')], signal).catch(() => undefined);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(second.received[0]).to.match(/^after/);
    wire.close();
    await second.close();
  });

  it('keeps messages for a server that is not there yet', async () => {
    const before = await streamCollector();
    const { port } = before;
    await before.close();
    const { log, told } = delivery();
    log.write(entry('early', { port, protocol: 'TCP' }));
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (told.length > 0) resolve();
        else setImmediate(look);
      };
      look();
    });
    const collector = await streamCollector({ port });
    await collector.holds(counted('early').length);
    expect(collector.received).to.deep.equal([counted('early')]);
    await log.close?.();
    await collector.close();
  });

  it('takes messages at once though nobody answers, and closes without them', async () => {
    const before = await streamCollector();
    const { port } = before;
    await before.close();
    const { log, told } = delivery();
    for (let nth = 0; nth < 20_000; nth += 1) log.write(entry('x', { port, protocol: 'TCP' }));
    await log.close?.();
    expect(told).to.have.length(3);
    expect(told[0]).to.equal('Log messages are being dropped');
    expect(told[1]).to.match(/^Log messages could not be delivered: .*ECONNREFUSED/);
    expect(told[2]).to.equal('Log messages were dropped');
  });

  it('goes nowhere that the egress policy forbids', async () => {
    const collector = await streamCollector();
    const { log, told } = delivery('public');
    log.write(entry('x', { port: collector.port, protocol: 'TCP' }));
    log.write(entry('x', { port: collector.port, protocol: 'TCP', host: 'localhost' }));
    await log.close?.();
    expect(told.filter((line) => line.includes('egress policy'))).to.have.length(2);
    expect(collector.received).to.be.empty;
    await collector.close();
  });
});

describe('syslog over TLS', () => {
  const serverTls = async () => ({ key: await pem('server.key'), cert: await pem('server') });
  const trusting = async (name: string): Promise<TlsSettings> => ({
    certificateAuthorities: [await pem(name)],
    verification: 'verify',
    ciphers: [],
    protocols: [],
  });

  it('sends frames to a server that the trust store knows', async () => {
    const collector = await streamCollector({ tls: await serverTls() });
    const { log, told } = delivery();
    const tls = await trusting('ca');
    const place = { host: 'localhost', port: collector.port, protocol: 'TCP', tls } as const;
    for (const text of ['one', 'two']) log.write(entry(text, place));
    const frames = ['one', 'two'].map(counted).join('');
    await collector.holds(frames.length);
    expect(collector.received).to.deep.equal([frames]);
    await log.close?.();
    expect(told).to.be.empty;
    await collector.close();
  });

  it('shows its own certificate to a server that asks', async () => {
    const collector = await streamCollector({
      tls: {
        ...(await serverTls()),
        ca: await pem('ca'),
        requestCert: true,
        rejectUnauthorized: true,
      },
    });
    const { log } = delivery();
    const tls = {
      ...(await trusting('ca')),
      clientKey: { key: await pem('client.key'), certificate: await pem('client') },
    };
    log.write(entry('one', { host: 'localhost', port: collector.port, protocol: 'TCP', tls }));
    await collector.holds(counted('one').length);
    await log.close?.();
    await collector.close();
  });

  it('sends nothing to a server that it does not trust', async () => {
    const collector = await streamCollector({ tls: await serverTls() });
    const { log, told } = delivery();
    const tls = await trusting('other-ca');
    log.write(entry('one', { host: 'localhost', port: collector.port, protocol: 'TCP', tls }));
    await log.close?.();
    expect(told[0]).to.match(/certificate/);
    expect(collector.received).to.be.empty;
    await collector.close();
  });
});
