import { expect } from 'chai';
import fc from 'fast-check';
import { Parameters, type Parameter } from '../../lib/message/parameters.ts';
import { encodeFormText, encodeQueryText } from '../../lib/message/percent-encoding.ts';

function query(text: string): Parameters {
  return new Parameters({ text }, encodeQueryText);
}

function form(text: string): Parameters {
  return new Parameters({ text }, encodeFormText);
}

describe('parameters', () => {
  const readings: readonly (readonly [text: string, list: readonly Parameter[]])[] = [
    ['', []],
    ['a=1&b=2', [parameter('a', '1'), parameter('b', '2')]],
    ['a=hello&a=world', [parameter('a', 'hello'), parameter('a', 'world')]],
    ['a', [parameter('a', '')]],
    ['a=', [parameter('a', '')]],
    ['=x', [parameter('', 'x')]],
    ['=', [parameter('', '')]],
    ['&&a=1&', [parameter('a', '1')]],
    ['a=b=c', [parameter('a', 'b=c')]],
    ['numbers=1%2C2', [parameter('numbers', '1,2')]],
    ['a=x+y%20z', [parameter('a', 'x y z')]],
    ['a=%C3%A9', [parameter('a', 'é')]],
    ['a=100%', [parameter('a', '100%')]],
    ['a=%zz%41%4', [parameter('a', '%zzA%4')]],
    ['a=%C3&%41=+', [parameter('a', '\u{FFFD}'), parameter('A', ' ')]],
    ['__proto__=1', [parameter('__proto__', '1')]],
  ];
  for (const [text, list] of readings) {
    it(`reads ${JSON.stringify(text)} and keeps it byte for byte`, () => {
      const parameters = query(text);
      expect(parameters.list()).to.deep.equal(list);
      expect(parameters.text()).to.equal(text);
    });
  }

  const changes: readonly (readonly [
    title: string,
    before: string,
    change: (parameters: Parameters) => void,
    after: string,
  ])[] = [
    [
      'set replaces all values where the first stood',
      'a=1&b=2&a=3',
      (p) => {
        p.set('a', '4');
      },
      'a=4&b=2',
    ],
    [
      'set appends what was absent',
      'b=2',
      (p) => {
        p.set('a', '4');
      },
      'b=2&a=4',
    ],
    [
      'names are case-sensitive',
      'a=1',
      (p) => {
        p.set('A', '4');
      },
      'a=1&A=4',
    ],
    [
      'add appends another value',
      'a=1',
      (p) => {
        p.add('a', '2');
      },
      'a=1&a=2',
    ],
    [
      'setValue replaces the Nth value',
      'a=1&b=x&a=2',
      (p) => {
        p.setValue('a', 2, '3');
      },
      'a=1&b=x&a=3',
    ],
    [
      'setValue past the end appends',
      'a=1',
      (p) => {
        p.setValue('a', 2, '2');
      },
      'a=1&a=2',
    ],
    [
      'remove takes every value',
      'a=1&b=2&a=3',
      (p) => {
        p.remove('a');
      },
      'b=2',
    ],
    [
      'remove of an absent name leaves the text alone',
      'a=%2c+',
      (p) => {
        p.remove('b');
      },
      'a=%2c+',
    ],
    [
      'removeValue takes the Nth value',
      'a=1&a=2',
      (p) => {
        p.removeValue('a', 1);
      },
      'a=2',
    ],
    [
      'removeValue of an absent value leaves the text alone',
      'a=%2c',
      (p) => {
        p.removeValue('a', 2);
      },
      'a=%2c',
    ],
    [
      'a change writes all of it anew',
      'a&n=1%2c2&x=+',
      (p) => {
        p.add('b', 'é&=');
      },
      'a=&n=1%2C2&x=%20&b=%C3%A9%26%3D',
    ],
    [
      'setAll replaces the names it brings',
      'a=1&b=2&a=3',
      (p) => {
        p.setAll([parameter('a', '8'), parameter('a', '9')]);
      },
      'b=2&a=8&a=9',
    ],
    [
      'clear empties',
      'a=1',
      (p) => {
        p.clear();
      },
      '',
    ],
    [
      'a lone surrogate becomes the replacement character',
      '',
      (p) => {
        p.add('a', '\u{D800}');
      },
      'a=%EF%BF%BD',
    ],
  ];
  for (const [title, before, change, after] of changes) {
    it(title, () => {
      const parameters = query(before);
      change(parameters);
      expect(parameters.text()).to.equal(after);
    });
  }

  it('writes query text with %20 (servicecallout 101)', () => {
    const parameters = query('');
    parameters.set('c', 'New York & co');
    expect(parameters.text()).to.equal('c=New%20York%20%26%20co');
  });

  it('writes form text with + (servicecallout 77, 78)', () => {
    const parameters = form('');
    parameters.set('a', 'alpha=7&beta=9');
    parameters.set('b', "a b!'()~*");
    expect(parameters.text()).to.equal('a=alpha%3D7%26beta%3D9&b=a+b%21%27%28%29%7E*');
  });

  it('reads the text anew when somebody else replaced it', () => {
    const source = { text: 'a=1' };
    const parameters = new Parameters(source, encodeQueryText);
    expect(parameters.first('a')).to.equal('1');
    source.text = 'a=2';
    expect(parameters.first('a')).to.equal('2');
    expect(parameters.names()).to.deep.equal(['a']);
  });

  it('hands out lists that later changes do not touch', () => {
    const parameters = query('a=1');
    const before = parameters.list();
    parameters.add('a', '2');
    expect(before).to.deep.equal([parameter('a', '1')]);
  });

  it('copies very many parameters in one sweep', () => {
    const text = Array.from({ length: 50_000 }, (_, number) => `n${number}=${number}`).join('&');
    const copy = query('first=0&n7=old');
    copy.setAll(query(text).list());
    expect(copy.text()).to.equal(`first=0&${text}`);
    copy.addAll(query('n7=again').list());
    expect(copy.values('n7')).to.deep.equal(['7', 'again']);
  });

  const anyText = fc.string({ unit: 'binary' });
  for (const [kind, make] of [
    ['query', query],
    ['form', form],
  ] as const) {
    it(`gives back any strings that went into a ${kind}`, () => {
      fc.assert(
        fc.property(fc.array(fc.tuple(anyText, anyText)), (pairs) => {
          const written = make('');
          for (const [name, value] of pairs) written.add(name, value);
          const text = written.text();
          expect(text).to.match(/^[\w\-.!~*'()%+=&]*$/);
          const expected = pairs.map(([name, value]) => parameter(name, value));
          expect(make(text).list()).to.deep.equal(expected);
          expect(written.list()).to.deep.equal(expected);
        }),
      );
    });

    it(`reads any text as a ${kind} without throwing and without touching it`, () => {
      const hostile = fc.string({
        unit: fc.constantFrom('%', '+', '=', '&', 'a', '0', 'F', 'é'),
      });
      fc.assert(
        fc.property(hostile, (text) => {
          const parameters = make(text);
          const names = parameters.names();
          expect(parameters.text()).to.equal(text);
          for (const name of names) parameters.remove(name);
          expect(parameters.list()).to.deep.equal([]);
        }),
      );
    });
  }
});

function parameter(name: string, value: string): Parameter {
  return { name, value };
}
