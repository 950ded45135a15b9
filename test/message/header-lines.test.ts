import { expect } from 'chai';
import fc from 'fast-check';
import { HeaderLines, type HeaderLine } from '../../lib/message/header-lines.ts';

const cookies: readonly HeaderLine[] = [
  ['Set-Cookie', 'a=1'],
  ['X-Other', 'x'],
  ['set-cookie', 'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT'],
];

describe('header lines', () => {
  it('finds a header whatever the case of its name, and keeps the spelling', () => {
    const headers = new HeaderLines([['X-Request-ID', '7']]);
    expect(headers.first('x-request-id')).to.equal('7');
    expect(headers.has('X-REQUEST-ID')).to.equal(true);
    expect(headers.names()).to.deep.equal(['X-Request-ID']);
  });

  const readings: readonly {
    readonly title: string;
    readonly lines: readonly HeaderLine[];
    readonly name: string;
    readonly first: string | undefined;
    readonly values: readonly string[];
    readonly text: string | undefined;
  }[] = [
    {
      title: 'splits a line at commas and trims the values (servicecallout 132)',
      lines: [['Cache-Control', 'public, maxage=16544']],
      name: 'cache-control',
      first: 'public',
      values: ['public', 'maxage=16544'],
      text: 'public, maxage=16544',
    },
    {
      title: 'cuts a date at its comma too (servicecallout 133)',
      lines: [['Date', 'Wed, 21 Aug 2013 19:16:47 GMT']],
      name: 'date',
      first: 'Wed',
      values: ['Wed', '21 Aug 2013 19:16:47 GMT'],
      text: 'Wed, 21 Aug 2013 19:16:47 GMT',
    },
    {
      title: 'never splits Set-Cookie (servicecallout 131)',
      lines: cookies,
      name: 'Set-Cookie',
      first: 'a=1',
      values: ['a=1', 'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT'],
      text: 'a=1,b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT',
    },
    {
      title: 'counts values across lines',
      lines: [
        ['h', 'a, b'],
        ['H', 'c'],
      ],
      name: 'h',
      first: 'a',
      values: ['a', 'b', 'c'],
      text: 'a, b,c',
    },
    {
      title: 'keeps an empty header',
      lines: [['h', '']],
      name: 'h',
      first: '',
      values: [''],
      text: '',
    },
    {
      title: 'knows an absent header',
      lines: [],
      name: 'h',
      first: undefined,
      values: [],
      text: undefined,
    },
  ];
  for (const { title, lines, name, first, values, text } of readings) {
    it(title, () => {
      const headers = new HeaderLines(lines);
      expect(headers.first(name)).to.equal(first);
      expect(headers.values(name)).to.deep.equal(values);
      expect(headers.text(name)).to.equal(text);
      for (const [at, value] of values.entries())
        expect(headers.value(name, at + 1)).to.equal(value);
      expect(headers.value(name, values.length + 1)).to.equal(undefined);
    });
  }

  const changes: readonly {
    readonly title: string;
    readonly lines: readonly HeaderLine[];
    readonly change: (headers: HeaderLines) => void;
    readonly after: readonly HeaderLine[];
  }[] = [
    {
      title: 'set leaves one line where the first one stood',
      lines: [
        ['h', 'a'],
        ['x', '1'],
        ['H', 'b'],
      ],
      change: (headers) => {
        headers.set('h', 'c');
      },
      after: [
        ['h', 'c'],
        ['x', '1'],
      ],
    },
    {
      title: 'set appends what was absent',
      lines: [['x', '1']],
      change: (headers) => {
        headers.set('H', 'c');
      },
      after: [
        ['x', '1'],
        ['H', 'c'],
      ],
    },
    {
      title: 'add keeps what was there',
      lines: [['h', 'a']],
      change: (headers) => {
        headers.add('h', 'b');
      },
      after: [
        ['h', 'a'],
        ['h', 'b'],
      ],
    },
    {
      title: 'remove takes every line of the name',
      lines: [
        ['h', 'a'],
        ['x', '1'],
        ['H', 'b'],
      ],
      change: (headers) => {
        headers.remove('H');
      },
      after: [['x', '1']],
    },
    {
      title: 'setValue replaces one value and leaves the text around it',
      lines: [['h', 'a,  b , c']],
      change: (headers) => {
        headers.setValue('H', 2, 'x');
      },
      after: [['h', 'a,  x, c']],
    },
    {
      title: 'setValue counts across lines',
      lines: [
        ['h', 'a, b'],
        ['h', 'c'],
      ],
      change: (headers) => {
        headers.setValue('h', 3, 'x');
      },
      after: [
        ['h', 'a, b'],
        ['h', 'x'],
      ],
    },
    {
      title: 'setValue past the end adds a line',
      lines: [['h', 'a']],
      change: (headers) => {
        headers.setValue('h', 2, 'b');
      },
      after: [
        ['h', 'a'],
        ['h', 'b'],
      ],
    },
    {
      title: 'setValue replaces a whole cookie',
      lines: cookies,
      change: (headers) => {
        headers.setValue('Set-Cookie', 2, 'c=3, d');
      },
      after: [
        ['Set-Cookie', 'a=1'],
        ['X-Other', 'x'],
        ['set-cookie', 'c=3, d'],
      ],
    },
    {
      title: 'removeValue takes one value out of a line',
      lines: [['h', 'a, b, c']],
      change: (headers) => {
        headers.removeValue('h', 1);
      },
      after: [['h', 'b, c']],
    },
    {
      title: 'removeValue takes the line with its last value',
      lines: [
        ['h', 'a'],
        ['h', 'b'],
      ],
      change: (headers) => {
        headers.removeValue('h', 2);
      },
      after: [['h', 'a']],
    },
    {
      title: 'removeValue of a value that is not there changes nothing',
      lines: [['h', 'a']],
      change: (headers) => {
        headers.removeValue('h', 2);
      },
      after: [['h', 'a']],
    },
    {
      title: 'setAll replaces the names it brings and keeps the others',
      lines: [
        ['h', 'a'],
        ['x', '1'],
      ],
      change: (headers) => {
        headers.setAll([
          ['H', 'b'],
          ['H', 'c'],
          ['y', '2'],
        ]);
      },
      after: [
        ['x', '1'],
        ['H', 'b'],
        ['H', 'c'],
        ['y', '2'],
      ],
    },
    {
      title: 'clear leaves nothing',
      lines: cookies,
      change: (headers) => {
        headers.clear();
      },
      after: [],
    },
  ];
  for (const { title, lines, change, after } of changes) {
    it(title, () => {
      const headers = new HeaderLines(lines);
      change(headers);
      expect(headers.lines()).to.deep.equal(after);
    });
  }

  it('hands out lists that later changes do not touch', () => {
    const headers = new HeaderLines([['h', 'a']]);
    const before = headers.lines();
    const copy = headers.clone();
    headers.add('h', 'b');
    expect(before).to.deep.equal([['h', 'a']]);
    expect(copy.lines()).to.deep.equal([['h', 'a']]);
    copy.clear();
    expect(headers.values('h')).to.deep.equal(['a', 'b']);
  });

  it('keeps any lines as they came', () => {
    const line = fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const headers = new HeaderLines();
        for (const [name, value] of lines) headers.add(name, value);
        expect(headers.lines()).to.deep.equal(lines);
        for (const [name] of lines) headers.values(name);
        expect(headers.lines()).to.deep.equal(lines);
        for (const [name] of lines) headers.remove(name);
        expect(headers.lines()).to.deep.equal([]);
      }),
    );
  });

  it('rewriting a value by itself changes no value', () => {
    const word = fc.stringMatching(/^[ a-z,;="]{0,12}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        const headers = new HeaderLines(words.map((text) => ['h', text]));
        const values = headers.values('h');
        expect(headers.first('h')).to.equal(values[0]);
        for (const [at, value] of values.entries()) headers.setValue('h', at + 1, value);
        expect(headers.values('h')).to.deep.equal(values);
        for (let left = values.length; left > 0; left--) headers.removeValue('h', 1);
        expect(headers.has('h')).to.equal(false);
      }),
    );
  });
});
