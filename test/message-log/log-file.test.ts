import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { createMessageDelivery } from '../../lib/message-log/delivery.ts';
import { LogFile } from '../../lib/message-log/log-file.ts';
import type { FileRotation, MessageLogEntry } from '../../lib/message-log/message-log.ts';
import { defaultHost } from '../../lib/host/host.ts';
import { unavailableServices } from '../../lib/policies/unavailable-services.ts';
import { inFolder } from '../bundle/folder.ts';
import { ManualClock } from '../connection/wire/manual-clock.ts';

const never: FileRotation = {
  size: undefined,
  period: undefined,
  retained: 2,
  atStart: 'continue',
};

/** The files of a folder with their texts. */
async function filesOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(folder)).sort();
  return Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [name, await readFile(path.join(folder, name), 'utf8')] as const),
    ),
  );
}

describe('a log file', () => {
  it('is put aside when it would get too long, and the oldest is removed', () =>
    inFolder({}, async (folder) => {
      const file = new LogFile(
        path.join(folder, 'a.log'),
        { ...never, size: 10 },
        new ManualClock(),
      );
      await file.append(['11111\n', '2222\n', '33333\n', '4444444444444\n']);
      await file.append(['5\n']);
      expect(await filesOf(folder)).to.deep.equal({
        'a.log': '5\n',
        'a.log.1': '4444444444444\n',
        'a.log.2': '33333\n',
      });
    }));

  it('is put aside when it is too old', () =>
    inFolder({}, async (folder) => {
      const clock = new ManualClock();
      const rotation = { ...never, period: 60_000 };
      const file = new LogFile(path.join(folder, 'a.log'), rotation, clock);
      await file.append(['1\n']);
      clock.advance(59_999);
      await file.append(['2\n']);
      clock.advance(1);
      await file.append(['3\n']);
      expect(await filesOf(folder)).to.deep.equal({ 'a.log': '3\n', 'a.log.1': '1\n2\n' });
    }));

  it('is gone on with at the start, unless it is to be put aside', () =>
    inFolder({ 'a.log': 'old\n' }, async (folder) => {
      const name = path.join(folder, 'a.log');
      const clock = new ManualClock();
      await new LogFile(name, never, clock).append(['1\n']);
      expect(await filesOf(folder)).to.deep.equal({ 'a.log': 'old\n1\n' });
      await new LogFile(name, { ...never, atStart: 'rotate' }, clock).append(['2\n']);
      expect(await filesOf(folder)).to.deep.equal({ 'a.log': '2\n', 'a.log.1': 'old\n1\n' });
    }));

  it('counts what is there already', () =>
    inFolder({}, async (folder) => {
      const name = path.join(folder, 'a.log');
      await writeFile(name, '123456789\n');
      await new LogFile(name, { ...never, size: 11 }, new ManualClock()).append(['1\n']);
      expect(await filesOf(folder)).to.deep.equal({ 'a.log': '1\n', 'a.log.1': '123456789\n' });
    }));
});

describe('the files of MessageLogging policies', () => {
  const entry = (fileName: string, text: string): MessageLogEntry => ({
    policy: 'ML',
    level: 'INFO',
    timestamp: 0,
    payload: { kind: 'text', text },
    destination: { kind: 'file', fileName, rotation: never },
  });
  const write = async (directory: string, entries: readonly MessageLogEntry[]) => {
    const told: unknown[] = [];
    const log = createMessageDelivery({
      host: {
        ...defaultHost,
        log: { warn: (details) => told.push(details), error: () => undefined },
      },
      ...unavailableServices,
      directory,
    });
    for (const one of entries) log.write(one);
    await log.close?.();
    return told;
  };

  it('hold a line a message, in the directory, which is made', () =>
    inFolder({}, async (folder) => {
      const directory = path.join(folder, 'new');
      const told = await write(directory, [
        entry('a.log', 'one'),
        entry('a.log', 'forged\nline'),
        entry('b c.log', 'two'),
      ]);
      expect(await filesOf(directory)).to.deep.equal({
        'a.log': 'one\nforged line\n',
        'b c.log': 'two\n',
      });
      expect(told).to.be.empty;
    }));

  for (const name of ['../a.log', '/tmp/a.log', '..', '', 'a/b', 'a\\b', 'a\0', 'C:a']) {
    it(`cannot be outside of the directory: ${JSON.stringify(name)}`, () =>
      inFolder({}, async (folder) => {
        const directory = path.join(folder, 'logs');
        const told = await write(directory, [entry(name, 'x')]);
        expect(await readdir(folder)).to.be.empty;
        expect(told).to.have.length.above(0);
      }));
  }
});
