import { expect } from 'chai';
import fc from 'fast-check';
import { messageFrom, messageInitFrom, type MessageInit } from '../../lib/message/message-init.ts';
import { Message } from '../../lib/message/message.ts';
import { spelledOut } from '../../lib/message/spelled-out.ts';

function withBody(contentType: string, body: Uint8Array): Message {
  return messageFrom({
    message: 'response',
    headers: { 'Content-Type': contentType },
    content: body,
  });
}

describe('a message', () => {
  it('starts empty, its verb undecided', () => {
    const message = new Message('request');
    expect(message.verb).to.equal(null);
    expect(message.path).to.equal('');
    expect(message.version).to.equal('1.1');
    expect(message.url).to.equal(null);
    expect(message.content).to.equal('');
    expect(message.bytes).to.have.length(0);
    expect(message.hasBody).to.equal(false);
    expect(message.headers.lines()).to.deep.equal([]);
    expect(message.query.text()).to.equal('');
  });

  it('is built from its JSON form', () => {
    const message = messageFrom({
      message: 'request',
      verb: 'PUT',
      path: '/a/b?x=%2C&y',
      headers: { 'X-One': '1', 'x-two': ['a', 'b'] },
      queryParams: { z: ['1', '2 3'] },
      content: 'hi',
    });
    expect(message.verb).to.equal('PUT');
    expect(message.path).to.equal('/a/b');
    expect(message.headers.lines()).to.deep.equal([
      ['X-One', '1'],
      ['x-two', 'a'],
      ['x-two', 'b'],
    ]);
    expect(message.query.text()).to.equal('x=%2C&y=&z=1&z=2%203');
    expect(message.content).to.equal('hi');
  });

  it('keeps a query in the path byte for byte', () => {
    const message = messageFrom({ message: 'request', path: '/p?a=%2c+%zz&b' });
    expect(message.query.text()).to.equal('a=%2c+%zz&b');
    expect(message.uri).to.equal('/p?a=%2c+%zz&b');
  });

  it('becomes form-encoded when it is given form parameters', () => {
    const message = messageFrom({ message: 'request', formParams: { a: 'x y', b: ['1', '2'] } });
    expect(message.content).to.equal('a=x+y&b=1&b=2');
    expect(message.headers.lines()).to.deep.equal([
      ['Content-Type', 'application/x-www-form-urlencoded'],
    ]);
  });

  const refused: readonly (readonly [value: Readonly<Record<string, unknown>>, words: RegExp])[] = [
    [{ message: 'mail' }, /q: "message" is "mail"/],
    [{ message: 'request', verb: {} }, /q: "verb" is \{\}/],
    [{ message: 'request', headers: 5 }, /q: "headers" holds 5/],
    [{ message: 'request', headers: ['a'] }, /q: "headers" holds \["a"\]/],
    [{ message: 'request', queryParams: { a: [{}] } }, /q: "queryParams" holds \{\}/],
    [{ message: 'response', statusCode: 'abc' }, /q: "statusCode" is "abc"/],
    [{ message: 'response', statusCode: 99 }, /q: "statusCode" is 99/],
  ];
  for (const [value, words] of refused) {
    it(`is not made of ${JSON.stringify(value)}`, () => {
      expect(() => messageInitFrom('q', value)).to.throw(TypeError, words);
    });
  }

  it('takes numbers and booleans in JSON for their text', () => {
    const json =
      '{"message":"response","statusCode":"204","headers":{"x":7,"__proto__":[true]},"content":{"a":1}}';
    const init: MessageInit = messageInitFrom(
      'r',
      JSON.parse(json) as Readonly<Record<string, unknown>>,
    );
    const message = messageFrom(init);
    expect(message.statusCode).to.equal(204);
    expect(message.headers.lines()).to.deep.equal([
      ['x', '7'],
      ['__proto__', 'true'],
    ]);
    expect(message.content).to.equal('{"a":1}');
  });

  it('has a clone that shares nothing', () => {
    const message = messageFrom({
      message: 'request',
      verb: 'POST',
      path: '/p?a=1',
      headers: { h: '1' },
      content: 'x',
    });
    message.url = 'http://up.test/p';
    const copy = message.clone();
    expect([copy.kind, copy.verb, copy.uri, copy.url, copy.content, copy.version]).to.deep.equal([
      'request',
      'POST',
      '/p?a=1',
      'http://up.test/p',
      'x',
      '1.1',
    ]);
    copy.verb = 'PUT';
    copy.headers.set('h', '2');
    copy.query.set('a', '2');
    copy.content = 'y';
    expect(message.verb).to.equal('POST');
    expect(message.headers.first('h')).to.equal('1');
    expect(message.query.text()).to.equal('a=1');
    expect(message.content).to.equal('x');
  });
});

describe('a body', () => {
  const decodings: readonly (readonly [
    contentType: string,
    bytes: readonly number[],
    text: string,
  ])[] = [
    ['text/plain', [0xc3, 0xa9], 'é'],
    ['text/plain; charset=utf-8', [0xef, 0xbb, 0xbf, 0x61], '\u{FEFF}a'],
    ['text/plain; charset=ISO-8859-1', [0xe9, 0x80], 'é\u{80}'],
    ['text/plain;charset="iso-8859-1"; x=y', [0xe9], 'é'],
    ['text/plain; charset=windows-1252', [0xe9, 0x80], 'é€'],
    ['text/plain; charset=windows-1251', [0xcf, 0xf0], 'Пр'],
    ['text/plain; charset=Shift_JIS', [0x93, 0xfa, 0x41], '日A'],
    ['text/plain; charset=utf-16le', [0x61, 0x00, 0xe9, 0x00], 'aé'],
    ['text/plain; charset=utf-16be', [0x00, 0x61, 0x00, 0xe9], 'aé'],
    ['text/plain; charset=utf-16', [0xfe, 0xff, 0x00, 0x61], 'a'],
    ['text/plain; charset=no-such-thing', [0xc3, 0xa9], 'é'],
    ['text/plain; charset=', [0xc3, 0xa9], 'é'],
  ];
  for (const [contentType, bytes, text] of decodings) {
    it(`is read and written by the charset of ${contentType}`, () => {
      const message = withBody(contentType, Uint8Array.from(bytes));
      expect(message.content).to.equal(text);
      message.content = text;
      expect([...message.bytes]).to.deep.equal(bytes);
    });
  }

  it('writes ? for what the charset lacks', () => {
    for (const charset of ['iso-8859-1', 'us-ascii', 'windows-1251']) {
      const message = withBody(`text/plain; charset=${charset}`, new Uint8Array());
      message.content = 'a日😀';
      expect(Buffer.from(message.bytes).toString('latin1'), charset).to.equal('a??');
    }
  });

  it('is read anew when the content type changes', () => {
    const message = withBody('text/plain', Uint8Array.of(0xe9));
    expect(message.content).to.equal('\u{FFFD}');
    message.headers.set('content-type', 'text/plain; charset=iso-8859-1');
    expect(message.content).to.equal('é');
    message.content = 'é';
    expect([...message.bytes]).to.deep.equal([0xe9]);
    message.headers.remove('content-type');
    expect([...message.bytes]).to.deep.equal([0xc3, 0xa9]);
  });

  it('survives being read as text, whatever its bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.constantFrom('utf-8', 'utf-16', 'utf-16be', 'gb18030', 'iso-2022-jp', 'us-ascii', 'x'),
        (bytes, charset) => {
          const message = withBody(`application/octet-stream; charset=${charset}`, bytes);
          expect(message.content).to.be.a('string');
          expect(message.form.list()).to.deep.equal([]);
          expect(message.clone().bytes).to.deep.equal(bytes);
          expect(message.bytes).to.equal(bytes);
        },
      ),
    );
  });

  it('is the form while the content type says so', () => {
    const message = messageFrom({
      message: 'request',
      headers: { 'content-type': 'Application/X-WWW-Form-urlencoded; charset=utf-8' },
      content: 'e=1&f=2',
    });
    message.form.remove('f');
    expect(message.content).to.equal('e=1');
    message.form.add('g', 'x y');
    expect(message.content).to.equal('e=1&g=x+y');
    expect(message.headers.text('content-type')).to.equal(
      'Application/X-WWW-Form-urlencoded; charset=utf-8',
    );
    message.content = 'h=1';
    expect(message.form.names()).to.deep.equal(['h']);
  });

  it('is no form, and is not touched by removals, while the content type says something else', () => {
    const message = messageFrom({
      message: 'request',
      headers: { 'content-type': 'text/plain' },
      content: 'e=1',
    });
    message.form.remove('e');
    message.form.clear();
    expect(message.form.list()).to.deep.equal([]);
    expect(message.content).to.equal('e=1');
    message.form.set('f', '2');
    expect(message.content).to.equal('f=2');
    expect(message.headers.lines()).to.deep.equal([
      ['Content-Type', 'application/x-www-form-urlencoded'],
    ]);
  });
});

describe('a message spelled out', () => {
  it('shows the parts that a response has, headers as their variables read', () => {
    const message = messageFrom({
      message: 'response',
      statusCode: 200,
      reasonPhrase: 'OK',
      headers: { 'X-A': ['1', '2'], Date: 'Wed, 21 Aug 2013' },
      content: '{}',
    });
    expect([...spelledOut('r', message)]).to.deep.equal([
      ['r.content', '{}'],
      ['r.status.code', 200],
      ['r.reason.phrase', 'OK'],
      ['r.header.x-a', '1'],
      ['r.header.date', 'Wed'],
    ]);
  });

  it('shows the parts that a request has', () => {
    const message = messageFrom({ message: 'request', verb: 'GET', path: '/p?a=1&a=2&b=x+y' });
    expect([...spelledOut('q', message)]).to.deep.equal([
      ['q.content', ''],
      ['q.verb', 'GET'],
      ['q.path', '/p'],
      ['q.queryparam.a', '1'],
      ['q.queryparam.b', 'x y'],
    ]);
  });
});
