import { expect } from 'chai';
import { messageFrom } from '../../lib/message/message-init.ts';
import { Message } from '../../lib/message/message.ts';
import {
  FlowVariables,
  flowValueText,
  variableReference,
} from '../../lib/variables/flow-variables.ts';
import type { FlowValue } from '../../lib/message/flow-value.ts';

function variablesWith(bindings: Readonly<Record<string, FlowValue>>): FlowVariables {
  const variables = new FlowVariables();
  for (const [name, value] of Object.entries(bindings)) variables.set(name, value);
  return variables;
}

function response(content: string): Message {
  return messageFrom({ message: 'response', statusCode: 200, content, headers: { h: content } });
}

describe('flow variables', () => {
  it('keep the type they were given', () => {
    const list = ['a', 1, true] as const;
    const variables = variablesWith({ s: 'x', n: 1, b: false, big: 2n ** 70n, list });
    expect(variables.get('s')).to.equal('x');
    expect(variables.get('n')).to.equal(1);
    expect(variables.get('b')).to.equal(false);
    expect(variables.get('big')).to.equal(2n ** 70n);
    expect(variables.get('list')).to.equal(list);
  });

  it('are null while unresolved, and again when set to null', () => {
    const variables = variablesWith({ a: 'x', b: 'y', empty: '' });
    expect(variables.get('nope')).to.equal(null);
    expect(variables.set('a', null)).to.equal('written');
    expect(variables.set('b', undefined)).to.equal('written');
    expect([variables.get('a'), variables.get('b'), variables.get('empty')]).to.deep.equal([
      null,
      null,
      '',
    ]);
    expect([...variables.entries()]).to.deep.equal([['empty', '']]);
  });

  it('treat dotted names as names, not as a tree', () => {
    const variables = variablesWith({ 'a.b': '1', a: '2' });
    expect(variables.get('a.b')).to.equal('1');
    expect(variables.get('a')).to.equal('2');
    variables.remove('a');
    expect(variables.get('a.b')).to.equal('1');
  });

  it('read and write through to the message that a name begins with', () => {
    const q = new Message('request');
    const variables = variablesWith({ q });
    expect(variables.set('q.header.X-Id', '7')).to.equal('written');
    expect(variables.set('q.queryparam.a', 'x y')).to.equal('written');
    expect(q.headers.lines()).to.deep.equal([['X-Id', '7']]);
    expect(variables.get('q.header.x-id')).to.equal('7');
    expect(variables.get('q.uri')).to.equal('?a=x%20y');
    expect(variables.get('q')).to.equal(q);
    expect(variables.message('q')).to.equal(q);
    expect(variables.message('q.header.x-id')).to.equal(undefined);
    expect([...variables.entries()]).to.deep.equal([['q', q]]);
  });

  it('find a message whose name has dots (servicecallout 137)', () => {
    const variables = variablesWith({ 'gcp.access_token.response': response('token') });
    expect(variables.get('gcp.access_token.response.content')).to.equal('token');
    expect(variables.get('gcp.access_token.response.status.code')).to.equal(200);
    expect(variables.get('gcp.access_token.content')).to.equal(null);
  });

  it('show collections in brackets (servicecallout 136, 198)', () => {
    const variables = variablesWith({
      r: messageFrom({ message: 'response', headers: { A: 'a,b', 'X-B': '1' } }),
    });
    expect(flowValueText(variables.get('r.header.a.values'))).to.equal('[a, b]');
    expect(flowValueText(variables.get('r.headers.names'))).to.equal('[A, X-B]');
    expect(flowValueText(variables.get('r.headers.names.string'))).to.equal('A,X-B');
  });

  it('take the longest prefix that holds a message when they are read', () => {
    const short = response('short');
    const long = response('long');
    const variables = variablesWith({ a: short });
    const reference = variableReference('a.header.h.content');
    expect(reference.read(variables)).to.equal(null);
    const both = variablesWith({ 'a.header.h': long });
    both.set('a', short);
    expect(reference.read(both)).to.equal('long');
    expect(both.get('a.header.h')).to.equal(long);
    expect(both.get('a.content')).to.equal('short');
    both.remove('a.header.h');
    expect(both.get('a.header.h')).to.equal('short');
  });

  it('hold a plain variable where no message of that name exists', () => {
    const variables = new FlowVariables();
    expect(variables.set('foo.header.x', '1')).to.equal('written');
    expect(variables.get('foo.header.x')).to.equal('1');
    expect(variables.message('foo')).to.equal(undefined);
    expect([...variables.entries()]).to.deep.equal([['foo.header.x', '1']]);
  });

  it('hold a plain variable where a message has no such part', () => {
    const variables = variablesWith({ q: new Message('request') });
    variables.set('q.foo', '1');
    expect(variables.get('q.foo')).to.equal('1');
  });

  it('unbind a message, remove a part of it, or empty it', () => {
    const q = messageFrom({ message: 'request', headers: { x: '1', y: '2' }, content: 'body' });
    const variables = variablesWith({ q });
    expect(variables.remove('q.header.x')).to.equal('written');
    expect(q.headers.lines()).to.deep.equal([['y', '2']]);
    expect(variables.remove('q.content')).to.equal('written');
    expect(q.content).to.equal('');
    expect(variables.remove('q')).to.equal('written');
    expect(variables.get('q')).to.equal(null);
    expect(variables.get('q.header.y')).to.equal(null);
  });

  it('say when a part cannot be written, and leave it alone', () => {
    const variables = variablesWith({ r: response('x') });
    expect(variables.set('r.headers.count', 9)).to.equal('read-only');
    expect(variables.set('r.status.code', 'abc')).to.equal('ignored');
    expect(variables.get('r.headers.count')).to.equal(1);
    expect(variables.get('r.status.code')).to.equal(200);
  });

  it('let a message be replaced by something else under a name of its own', () => {
    const variables = variablesWith({ q: response('x') });
    variables.set('q', 'text');
    expect(variables.get('q')).to.equal('text');
    expect(variables.get('q.content')).to.equal(null);
  });
});

describe('the name "message"', () => {
  const names = ['request', 'response', 'error'] as const;

  function everyMessage(): FlowVariables {
    return variablesWith({
      request: messageFrom({ message: 'request', content: 'request' }),
      response: response('response'),
      error: response('error'),
    });
  }

  for (const phase of names) {
    it(`means ${phase} in the ${phase} phase, for reading, writing, binding and removing`, () => {
      const variables = everyMessage();
      variables.phase = phase;
      expect(variables.get('message.content')).to.equal(phase);
      expect(variables.get('message')).to.equal(variables.get(phase));
      expect(variables.message('message')).to.equal(variables.message(phase));
      expect(variables.set('message.content', 'new')).to.equal('written');
      expect(names.map((name) => variables.get(`${name}.content`))).to.deep.equal(
        names.map((name) => (name === phase ? 'new' : name)),
      );
      const other = response('other');
      variables.set('message', other);
      expect(variables.get(phase)).to.equal(other);
      variables.remove('message');
      expect(variables.get(phase)).to.equal(null);
      expect(variables.get('message.content')).to.equal(null);
    });
  }

  it('follows the phase through one prepared reference', () => {
    const variables = everyMessage();
    const reference = variableReference('message.content');
    const seen = names.map((phase) => {
      variables.phase = phase;
      return reference.read(variables);
    });
    expect(seen).to.deep.equal(names);
  });
});

describe('the built-in messages', () => {
  it('ignore writes before they exist (runtime 6.2)', () => {
    const variables = new FlowVariables();
    for (const name of [
      'response.content',
      'error.header.x',
      'message.verb',
      'request.queryparam.a',
    ]) {
      expect(variables.set(name, 'x'), name).to.equal('ignored');
      expect(variables.get(name), name).to.equal(null);
    }
    expect([...variables.entries()]).to.deep.equal([]);
  });

  it('are not replaced by a value that is no message', () => {
    const variables = variablesWith({ request: new Message('request') });
    expect(variables.set('request', 'x')).to.equal('read-only');
    expect(variables.set('message', 'x')).to.equal('read-only');
    expect(variables.message('request')).to.be.instanceOf(Message);
  });

  it('send writes to the response to the pending error in the error phase', () => {
    const variables = variablesWith({ response: response('target'), error: response('fault') });
    variables.phase = 'error';
    variables.set('response.content', 'mended');
    variables.set('response.header.x', '1');
    expect(variables.get('response.content')).to.equal('target');
    expect(variables.get('error.content')).to.equal('mended');
    expect(variables.get('error.header.x')).to.equal('1');
    variables.remove('response.header.x');
    expect(variables.get('error.header.x')).to.equal(null);
    variables.phase = 'response';
    variables.set('response.content', 'plain');
    expect(variables.get('response.content')).to.equal('plain');
    expect(variables.get('error.content')).to.equal('mended');
  });
});

describe('observing flow variables', () => {
  it('tells the name of every write that took place, until it is ended', () => {
    const variables = variablesWith({ q: new Message('request') });
    const seen: string[] = [];
    const end = variables.observe((name) => seen.push(name));
    variables.set('a', 1);
    variables.set('q.header.x', 'y');
    variables.set('q.uri', '/read-only');
    variables.set('response.content', 'ignored');
    variableReference('b').write(variables, 2);
    variables.remove('a');
    variables.get('b');
    end();
    variables.set('c', 3);
    expect(seen).to.deep.equal(['a', 'q.header.x', 'b', 'a']);
  });

  it('keeps two observations by one listener apart', () => {
    const variables = new FlowVariables();
    const seen: string[] = [];
    const listener = (name: string): number => seen.push(name);
    const end = variables.observe(listener);
    variables.observe(listener);
    variables.set('a', 1);
    end();
    end();
    variables.set('b', 1);
    expect(seen).to.deep.equal(['a', 'a', 'b']);
  });
});

describe('a variable reference', () => {
  it('is the same object for the same name while it is remembered', () => {
    expect(variableReference('some.name')).to.equal(variableReference('some.name'));
  });

  it('is still right when more names were asked for than are remembered', () => {
    const variables = variablesWith({ q: response('x') });
    const before = variableReference('q.content');
    for (let count = 0; count < 30_000; count++) variableReference(`name.${count}`);
    expect(before.read(variables)).to.equal('x');
    expect(variableReference('q.content').read(variables)).to.equal('x');
  });

  it('of a hostile name is an ordinary name, and costs no more than its length', () => {
    const variables = new FlowVariables();
    for (const name of [
      '',
      '.',
      '..',
      '.content',
      'q.',
      'header.'.repeat(300_000),
      'a'.repeat(1_000_000),
    ]) {
      expect(variables.get(name)).to.equal(null);
      expect(variables.set(name, 'x')).to.equal('written');
      expect(variables.get(name)).to.equal('x');
    }
  });
});
