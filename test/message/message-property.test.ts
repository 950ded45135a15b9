import { expect } from 'chai';
import type { FlowValue } from '../../lib/message/flow-value.ts';
import { messageFrom, type MessageInit } from '../../lib/message/message-init.ts';
import { messageProperty } from '../../lib/message/message-property.ts';
import { Message } from '../../lib/message/message.ts';

function property(rest: string): NonNullable<ReturnType<typeof messageProperty>> {
  const found = messageProperty(rest);
  if (found === undefined) throw new Error(`no property ${rest}`);
  return found;
}

const request: MessageInit = {
  message: 'request',
  verb: 'POST',
  path: '/p?a=hello&a=world&numbers=1%2C2&empty',
  headers: {
    'Cache-Control': 'public, maxage=16544',
    'X.Dotted.Name': 'd',
    x: 'a,b',
    'Content-Type': 'application/x-www-form-urlencoded',
    blank: '',
  },
  content: 'name=test&type=first&name=x+y',
};

const response: MessageInit = {
  message: 'response',
  statusCode: 404,
  reasonPhrase: 'Not Found',
  headers: { 'Set-Cookie': ['a=1', 'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT'] },
  content: Uint8Array.of(0xfb, 0xff),
};

describe('a message property', () => {
  const readings: readonly (readonly [init: MessageInit, rest: string, value: FlowValue])[] = [
    [request, 'content', 'name=test&type=first&name=x+y'],
    [request, 'header.cache-control', 'public'],
    [request, 'header.CACHE-CONTROL.1', 'public'],
    [request, 'header.cache-control.2', 'maxage=16544'],
    [request, 'header.cache-control.3', null],
    [request, 'header.cache-control.0', null],
    [request, 'header.cache-control.values', ['public', 'maxage=16544']],
    [request, 'header.cache-control.values.count', 2],
    [request, 'header.cache-control.values.string', 'public, maxage=16544'],
    [request, 'header.x.dotted.name', 'd'],
    [request, 'header.x.dotted.name.1', 'd'],
    [request, 'header.x', 'a'],
    [request, 'header.blank', ''],
    [request, 'header.none', null],
    [request, 'header.none.2', null],
    [request, 'header.none.values', null],
    [request, 'header.none.values.count', 0],
    [request, 'header.none.values.string', null],
    [request, 'headers.count', 5],
    [request, 'headers.names', ['Cache-Control', 'X.Dotted.Name', 'x', 'Content-Type', 'blank']],
    [request, 'headers.names.string', 'Cache-Control,X.Dotted.Name,x,Content-Type,blank'],
    [request, 'queryparam.a', 'hello'],
    [request, 'queryparam.A', null],
    [request, 'queryparam.a.2', 'world'],
    [request, 'queryparam.a.3', null],
    [request, 'queryparam.a.values', ['hello', 'world']],
    [request, 'queryparam.a.values.count', 2],
    [request, 'queryparam.numbers', '1,2'],
    [request, 'queryparam.numbers.values.count', 1],
    [request, 'queryparam.empty', ''],
    [request, 'queryparams.count', 3],
    [request, 'queryparams.names', ['a', 'numbers', 'empty']],
    [request, 'queryparams.names.string', 'a,numbers,empty'],
    [request, 'querystring', 'a=hello&a=world&numbers=1%2C2&empty'],
    [request, 'uri', '/p?a=hello&a=world&numbers=1%2C2&empty'],
    [request, 'path', '/p'],
    [request, 'verb', 'POST'],
    [request, 'version', '1.1'],
    [request, 'url', null],
    [request, 'status.code', null],
    [request, 'reason.phrase', null],
    [request, 'formparam.name', 'test'],
    [request, 'formparam.name.2', 'x y'],
    [request, 'formparam.name.values.count', 2],
    [request, 'formparam.none', null],
    [request, 'formparams.count', 2],
    [request, 'formparams.names', ['name', 'type']],
    [request, 'formstring', 'name=test&type=first&name=x+y'],
    [response, 'status.code', 404],
    [response, 'reason.phrase', 'Not Found'],
    [response, 'version', 'HTTP/1.1'],
    [response, 'verb', null],
    [response, 'path', null],
    [response, 'uri', null],
    [response, 'querystring', null],
    [response, 'content.as.base64', '+/8='],
    [response, 'content.as.url.safe.base64', '-_8'],
    [response, 'header.Set-Cookie.1', 'a=1'],
    [response, 'header.Set-Cookie.2', 'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT'],
    [response, 'header.Set-Cookie.values.count', 2],
    [response, 'formstring', ''],
    [{ message: 'request', content: 'é' }, 'content.as.base64', 'w6k='],
    [{ message: 'request' }, 'content', ''],
    [{ message: 'request' }, 'querystring', ''],
    [{ message: 'request' }, 'path', ''],
    [{ message: 'request' }, 'verb', null],
    [{ message: 'request', headers: { values: '1', '2': 'x' } }, 'header.values', '1'],
    [{ message: 'request', headers: { values: '1', '2': 'x' } }, 'header.2', 'x'],
  ];
  for (const [init, rest, value] of readings) {
    it(`reads ${rest} of a ${init.message} as ${JSON.stringify(value)}`, () => {
      expect(property(rest).read(messageFrom(init))).to.deep.equal(value);
    });
  }

  it('shows the message itself as its transport message', () => {
    const message = messageFrom(request);
    expect(property('transport.message').read(message)).to.equal(message);
  });

  for (const rest of [
    '',
    'foo',
    'header',
    'header.',
    'headers',
    'contents',
    'status',
    'Content',
    'content.as.json',
    'queryparam.',
  ]) {
    it(`does not take ${JSON.stringify(rest)} for a part of a message`, () => {
      expect(messageProperty(rest)).to.equal(undefined);
    });
  }

  const writings: readonly (readonly [
    init: MessageInit,
    rest: string,
    value: FlowValue,
    outcome: string,
    seen: (message: Message) => unknown,
    after: unknown,
  ])[] = [
    [request, 'content', 'new', 'written', (m) => m.content, 'new'],
    [request, 'content', null, 'written', (m) => m.hasBody, false],
    [request, 'content', 7, 'written', (m) => m.content, '7'],
    [request, 'header.x', 'c', 'written', (m) => m.headers.text('x'), 'c'],
    [request, 'header.X.2', 'c', 'written', (m) => m.headers.text('x'), 'a,c'],
    [request, 'header.x.3', 'c', 'written', (m) => m.headers.values('x'), ['a', 'b', 'c']],
    [request, 'header.x.0', 'c', 'read-only', (m) => m.headers.text('x'), 'a,b'],
    [request, 'header.x.2', null, 'written', (m) => m.headers.text('x'), 'a'],
    [request, 'header.x', null, 'written', (m) => m.headers.has('x'), false],
    [request, 'header.x', '', 'written', (m) => m.headers.text('x'), ''],
    [request, 'header.new', true, 'written', (m) => m.headers.text('new'), 'true'],
    [request, 'header.x.values', 'c', 'read-only', (m) => m.headers.text('x'), 'a,b'],
    [request, 'headers.count', 1, 'read-only', (m) => m.headers.names().length, 5],
    [
      request,
      'queryparam.a',
      'x y',
      'written',
      (m) => m.query.text(),
      'a=x%20y&numbers=1%2C2&empty=',
    ],
    [request, 'queryparam.a.2', 'w', 'written', (m) => m.query.values('a'), ['hello', 'w']],
    [request, 'queryparam.a', undefined, 'written', (m) => m.query.names(), ['numbers', 'empty']],
    [request, 'querystring', 'b=1', 'read-only', (m) => m.query.has('b'), false],
    [request, 'uri', '/q', 'read-only', (m) => m.path, '/p'],
    [request, 'formparam.type', 'z', 'written', (m) => m.content, 'name=test&type=z&name=x+y'],
    [request, 'formstring', 'a=1', 'read-only', (m) => m.form.has('a'), false],
    [request, 'path', '/q', 'written', (m) => m.uri, '/q?a=hello&a=world&numbers=1%2C2&empty'],
    [request, 'path', null, 'written', (m) => m.path, ''],
    [request, 'verb', 'PUT', 'written', (m) => m.verb, 'PUT'],
    [request, 'verb', null, 'written', (m) => m.verb, null],
    [request, 'version', '1.0', 'written', (m) => m.version, '1.0'],
    [request, 'version', null, 'written', (m) => m.version, '1.1'],
    [request, 'status.code', 200, 'read-only', (m) => m.statusCode, null],
    [
      request,
      'transport.message',
      'x',
      'read-only',
      (m) => m.content,
      'name=test&type=first&name=x+y',
    ],
    [response, 'status.code', 203, 'written', (m) => m.statusCode, 203],
    [response, 'status.code', '911', 'written', (m) => m.statusCode, 911],
    [response, 'status.code', 'abc', 'ignored', (m) => m.statusCode, 404],
    [response, 'status.code', 2.5, 'ignored', (m) => m.statusCode, 404],
    [response, 'status.code', ['200'], 'ignored', (m) => m.statusCode, 404],
    [response, 'status.code', null, 'written', (m) => m.statusCode, null],
    [response, 'reason.phrase', 'Gone', 'written', (m) => m.reasonPhrase, 'Gone'],
    [response, 'verb', 'GET', 'read-only', (m) => m.verb, null],
    [response, 'queryparam.a', '1', 'read-only', (m) => m.query.text(), ''],
    [response, 'path', '/x', 'read-only', (m) => m.path, ''],
  ];
  for (const [init, rest, value, outcome, seen, after] of writings) {
    it(`answers "${outcome}" to ${JSON.stringify(value)} for ${rest} of a ${init.message}`, () => {
      const message = messageFrom(init);
      expect(property(rest).write(message, value)).to.equal(outcome);
      expect(seen(message)).to.deep.equal(after);
    });
  }

  it('builds a repeated parameter out of numbered writes (runtime 130)', () => {
    const message = new Message('request');
    for (const [at, value] of ['a', 'b', 'c'].entries()) {
      property(`queryparam.type.${at + 1}`).write(message, value);
    }
    expect(message.query.text()).to.equal('type=a&type=b&type=c');
  });

  it('makes the message form-encoded when a form parameter is written', () => {
    const message = new Message('request');
    property('formparam.a').write(message, 'x y');
    expect(message.content).to.equal('a=x+y');
    expect(message.headers.first('content-type')).to.equal('application/x-www-form-urlencoded');
  });
});
