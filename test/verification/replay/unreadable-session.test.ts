import { expect } from 'chai';
import { readSession } from '../../../lib/verification/replay/session/read-session.ts';
import { surveySession } from '../../../lib/verification/replay/survey.ts';
import { join } from 'node:path';
import { inFolder } from '../../bundle/folder.ts';

const edge = (messages: string): string =>
  `<?xml version="1.0"?>\n<DebugSession>\n<Messages>${messages}</Messages></DebugSession>`;

const outcomeOf = (content: string | Uint8Array): Promise<string> =>
  inFolder({ session: content }, async (folder) => {
    const transactions: string[] = [];
    try {
      for await (const part of readSession(join(folder, 'session'))) {
        if (part.kind === 'transaction') transactions.push(part.transaction.id);
      }
    } catch (error) {
      return String(error).replace(`${folder}/`, '');
    }
    return `transactions ${transactions.join()}`;
  });

const wrong: readonly {
  readonly what: string;
  readonly content: string | Uint8Array;
  readonly says: string | RegExp;
}[] = [
  {
    what: 'an empty file',
    content: ' \n',
    says: 'session:2:1 error no-debug-session The file is empty.',
  },
  {
    what: 'a text',
    content: 'GET / 200',
    says: 'session:1:1 error no-debug-session This is neither',
  },
  { what: 'bytes', content: new Uint8Array([0x3c, 0xff, 0x00]), says: 'is not UTF-8' },
  { what: 'another document', content: '<feed/>', says: '1:1 error no-debug-session <feed> is no' },
  {
    what: 'another object',
    content: '{"a": {}}',
    says: 'no-debug-session The object has no "Messages"',
  },
  { what: 'a HAR', content: '{"log":{"entries":[]}}', says: 'no-debug-session' },
  {
    what: 'a document type',
    content: '<!DOCTYPE x [<!ENTITY a "b">]><DebugSession/>',
    says: 'session:1:1 error malformed-session A session has no document type',
  },
  {
    what: 'an undefined entity, at its place',
    content: edge('\n  <Message><DebugId>&x;</DebugId></Message>'),
    says: 'session:4:21 error malformed-session',
  },
  {
    what: 'an end tag that fits nothing',
    content: edge('</Message>'),
    says: 'session:3:11 error malformed-session </Message> stands where </Messages> belongs.',
  },
  {
    what: 'a transaction that is no XML',
    content: edge('<Message><Data></Dta></Message>'),
    says: /session:3:\d+ error malformed-session/,
  },
  {
    what: 'a second root',
    content: `${edge('')}<DebugSession/>`,
    says: 'error no-debug-session',
  },
  {
    what: 'JSON with a comma too many',
    content: '{"Messages": [{"point": []},]}',
    says: 'session:1:29 error malformed-session',
  },
  {
    what: 'JSON that is broken within a transaction, at its place',
    content: '{"Messages": [\n{"point": [nil]}]}',
    says: /session:2:\d+ error malformed-session No JSON/,
  },
  {
    what: 'a transaction without points',
    content: '{"Messages": [{"DebugId": "1"}]}',
    says: 'session:1:15 error malformed-session This transaction has no list "point".',
  },
  {
    what: 'a transaction that is too long',
    content: `{"Messages": [{"point": ["${'x'.repeat(33 * 1024 * 1024)}"]}]}`,
    says: 'session:1:15 error session-too-long',
  },
  {
    what: 'a message that is too long',
    content: edge(`<Message>${`<a>${'x'.repeat(1000)}</a>`.repeat(34_000)}</Message>`),
    says: 'session:3:11 error session-too-long',
  },
  {
    what: 'too many points',
    content: `{"Messages": [{"point": [${'{},'.repeat(20_001)}{}]}]}`,
    says: 'session:1:15 error session-too-long',
  },
  {
    what: 'elements within elements without end',
    content: edge(`<Message>${'<a>'.repeat(100_000)}`),
    says: 'truncated-session',
  },
];

describe('a file that is no sound session', () => {
  for (const { what, content, says } of wrong) {
    it(`is told with its place: ${what}`, async () => {
      const outcome = await outcomeOf(content);
      if (typeof says === 'string') expect(outcome).to.include(says);
      else expect(outcome).to.match(says);
    });
  }

  it('is told when it is no file', async () => {
    const outcome = await surveySession('fixtures').catch(String);
    expect(outcome).to.include('fixtures:1:1 error unreadable-session It is no file.');
    const missing = await surveySession('no-such-session').catch(String);
    expect(missing).to.include('ENOENT');
  });

  it('is read all the same if it is only unusual', async () => {
    const message =
      '<Message><DebugId>1</DebugId><Data><Point id="Odd"><What/></Point></Data></Message>';
    expect(await outcomeOf(`\ufeff<!-- licence -->\n${edge(message)}`)).to.equal('transactions 1');
    expect(await outcomeOf(Buffer.from(`\ufeff${edge(message)}`, 'utf16le'))).to.equal(
      'transactions 1',
    );
    expect(await outcomeOf('{"point": [{"id": 1, "results": "none"}, null, 3]}')).to.equal(
      'transactions ',
    );
    expect(await outcomeOf('{"__proto__": {"a": 1}, "Messages": []}')).to.equal('transactions ');
  });
});
