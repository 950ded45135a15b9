import { expect } from 'chai';
import { compiled, faultOf, flowOf, lenient, strict, type Variables } from '../rendering.ts';

const fox = 'The quick brown fox jumps over the lazy dog';
const alpha = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const abc = { s: 'abc' };

type Row = readonly [source: string, expected: string, values?: Variables];

const digests: readonly Row[] = [
  ['{md5Hex(s)}', '900150983cd24fb0d6963f7d28e17f72', abc],
  ['{md5Base64(s)}', 'kAFQmDzST7DWlj99KOF/cg==', abc],
  ['{sha1Hex(s)}', 'a9993e364706816aba3e25717850c26c9cd0d89d', abc],
  ['{sha1Base64(s)}', 'qZk+NkcGgWq6PiVxeFDCbJzQ2J0=', abc],
  ["{sha256Hex('abc')}", 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['{sha256Base64(s)}', 'ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=', abc],
  [
    '{sha384Hex(s)}',
    'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
    abc,
  ],
  ['{sha384Base64(s)}', 'ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn', abc],
  [
    '{sha512Hex(s)}',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    abc,
  ],
  [
    '{sha512Base64(s)}',
    '3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==',
    abc,
  ],
  ['{md5Hex(s)}', '3b07a39fef0ac5d7ef21575e7315a482', { s: 'é€😀' }],
];

const foxed = { v: fox, raw: Buffer.from('key').toString('latin1') };
const hmacs: readonly Row[] = [
  ["{hmacMd5('key',v,'utf-8','hex')}", '80070713463e7749b90c2dc24911e275', foxed],
  ["{hmacSha1('key',v,'UTF-8','HEX')}", 'de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9', foxed],
  [
    "{hmacSha224('key',v,'utf-8','base16')}",
    '88ff8b54675d39b8f72322e65ff945c52d96379988ada25639747e69',
    foxed,
  ],
  ["{hmacSha256('key',v)}", '97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg=', foxed],
  ["{hmacSha256('key',v,'utf-8','base64')}", '97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg=', foxed],
  [
    "{hmacSha256('6b6579',v,'hex','hex')}",
    'f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8',
    foxed,
  ],
  ["{hmacSha256('6b6579',v,'base16')}", '97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg=', foxed],
  ["{hmacSha256('a2V5',v,'Base64')}", '97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg=', foxed],
  ['{hmacSha256(raw,v,base16:utf-8)}', '97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg=', foxed],
];

const times: readonly Row[] = [
  ["{timeFormatUTC('yyyy-MM-dd','1494390266')}", '2017-05-10'],
  ["{timeFormatUTC('yyyyMMddHHmmss',t)}", '20170510042426', { t: '1494390266' }],
  ["{timeFormatUTC('yyyy-MM-dd HH-mm-ss',t)}", '2017-05-10 04-24-26', { t: 1494390266 }],
  ["{timeFormatUTCMs('yyyyMMdd',t)}", '20170510', { t: 1494390266000 }],
  ["{timeFormat('yyyyMMddHHmmss',t)}", '20170510042426', { t: '1494390266' }],
  ["{timeFormatMs('yyyyMMddHHmmss',t)}", '20170510042426', { t: '1494390266999' }],
  ['{timeFormatUTCMs(f,t)}', '04:24', { t: '1494390266000', f: 'HH:mm' }],
  ['{timeFormatUTC(yyyy.MM.dd,t)}', '2017.05.10', { t: '1494390266' }],
  ["{timeFormatUTC('yyyy','-1')}", '1969'],
];

const texts: readonly Row[] = [
  ["{toUpperCase('abC')}", 'ABC'],
  ["{toLowerCase('ABc')}", 'abc'],
  ['{substring(alpha,22)}', 'WXYZ', { alpha }],
  ['{substring(alpha,-4)}', 'WXYZ', { alpha }],
  ['{substring(alpha,-8,-4)}', 'STUV', { alpha }],
  ['{substring(alpha,0,10)}', 'ABCDEFGHIJ', { alpha }],
  ['{substring(alpha,0,seven)}', 'ABCDEFG', { alpha, seven: 7 }],
  ["{substring('abc',1,99)}", 'bc'],
  ["{substring('abc',-99,2)}", 'ab'],
  ["{substring('abc',2,1)}", ''],
  ["{substring('abc',9)}", ''],
  ["{replaceAll(h,'9993','')}", 'Bearer ABC-', { h: 'Bearer ABC-9993' }],
  ['{replaceAll(h,r,w)}', 'TOKEN: ABC-9993', { h: 'Bearer ABC-9993', r: '^Bearer ', w: 'TOKEN: ' }],
  ["{replaceAll(h,'^Bearer ','')}", 'ABC', { h: 'Bearer ABC' }],
  ["{replaceAll('a1b2','([a-z])([0-9])','$2$1')}", '1a2b'],
  ["{replaceFirst('a1b2','[0-9]','X')}", 'aXb2'],
  ["{encodeBase64('abc')}", 'YWJj'],
  [
    '{encodeBase64(v)}',
    'VGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVyIHRoZSBsYXp5IGRvZy4=',
    { v: `${fox}.` },
  ],
  ["{decodeBase64('aGVsbG8sIHdvcmxk')}", 'hello, world'],
  ["{decodeBase64('d29ybGQK')}", 'world\n'],
  ["{decodeBase64('_-8=')}", ''],
  ["{decodeBase64('a b')}", ''],
];

const escapes: readonly Row[] = [
  ['{escapeJSON(v)}', 'a\\"b', { v: 'a"b' }],
  ['{"text":"{escapeJSON(v)}"}', '{"text":"say \\"hi\\"\\n"}', { v: 'say "hi"\n' }],
  ['{escapeJSON(v)}', '\\\\ / é \\u0001\\b\\t\\f\\r\\u001f', { v: '\\ / é \u0001\b\t\f\r\u001f' }],
  ['{escapeXML(v)}', '&lt;a&gt;&amp;&apos;&quot;', { v: '<a>&\'"' }],
  ['{escapeXML(v)}', '\u0001', { v: '\u0001' }],
  [
    '{escapeXML11(v)}',
    '&lt;&#1;&#8;\t\n&#11;&#12;\r&#14;&#31;&#127;&#132;\u0085&#134;&#159;\u00a0',
    {
      v: '<\u0001\b\t\n\u000b\f\r\u000e\u001f\u007f\u0084\u0085\u0086\u009f\u00a0',
    },
  ],
  ['{escapeXML11(v)}', 'ab\u{1f600}', { v: 'a\u0000\ud800\ufffe\uffffb\u{1f600}' }],
  ['{encodeHTML(v)}', '&quot;bread&quot; &amp; &quot;butter&quot;', { v: '"bread" & "butter"' }],
  ['{encodeHTML(v)}', '&lt;i&gt;&#39;', { v: "<i>'" }],
  ['{escapeHTML(v)}', '&lt;', { v: '<' }],
];

describe('message template functions', () => {
  for (const [title, rows] of Object.entries({ digests, hmacs, times, texts, escapes })) {
    describe(title, () => {
      for (const [source, expected, values] of rows) {
        it(`${source} of ${JSON.stringify(values ?? {})} is ${JSON.stringify(expected)}`, () => {
          expect(lenient(source, values)).to.equal(expected);
        });
      }
    });
  }

  it('escapeJSON gives what JSON.parse reads back', () => {
    const all = Array.from({ length: 0x250 }, (_, unit) => String.fromCharCode(unit)).join('');
    expect(JSON.parse(strict('"{escapeJSON(v)}"', { v: all }))).to.equal(all);
  });

  describe('with values they cannot use', () => {
    const rows: readonly (readonly [source: string, values: Variables, problem: string])[] = [
      ['{substring(v,n)}', { v: 'a', n: 'x' }, 'a position is no integer'],
      ["{timeFormatUTC('yyyy',t)}", { t: 'now' }, 'the time is no integer'],
      ["{timeFormatUTC('yyyy',t)}", { t: '' }, 'the time is no integer'],
      ["{timeFormatUTC('yyyy',t)}", { t: '9223372036854775807' }, 'too far from 1970'],
      ['{timeFormatUTC(f,t)}', { f: 'bbb', t: '1' }, ''],
      ["{replaceAll('a',r,'')}", { r: '(' }, 'Unclosed group near index 1'],
      ["{replaceAll(v,'(a+)+$','')}", { v: `${'a'.repeat(5_000)}b` }, 'was given up after'],
      ["{replaceAll('a','a',w)}", { w: '$1' }, 'No group 1'],
      ["{replaceAll('a',r,'')}", { r: `${'[a]'.repeat(2_000)}(` }, 'Unclosed group'],
      ["{hmacSha1(k,'v')}", { k: '' }, 'the key is empty'],
      ["{hmacSha1(k,'v','hex')}", { k: 'xyz' }, 'the key is not hexadecimal'],
      ["{hmacSha1(k,'v','base64')}", { k: '!' }, 'the key is not base64'],
      ["{hmacSha1('k','v',e)}", { e: 'rot13' }, 'the key encoding is none of'],
      ["{hmacSha1('k','v','hex',e)}", { e: 'rot13' }, 'the output encoding is none of'],
      ['{randomLong(n)}', { n: '1.5' }, 'a bound is no 64 bit integer'],
      ['{randomLong(n)}', { n: '9223372036854775808' }, 'is no 64 bit integer'],
      ['{randomLong(n,n)}', { n: '5' }, 'the bounds leave no number'],
      ['{xeger(r)}', { r: '(' }, ''],
      ["{jsonPath(p,'{}')}", { p: '$[' }, ''],
      ["{xpath(p,'<a/>')}", { p: '//a[' }, 'the XPath expression is malformed'],
    ];
    for (const [source, values, problem] of rows) {
      it(`fault: ${source} of ${JSON.stringify(values)}`, () => {
        const fault = faultOf(() => compiled(source).template.render(flowOf(values), 'ignore'));
        expect(fault).to.include({ code: 'entities.TemplateFunctionFailed', status: 500 });
        expect(fault.faultstring).to.match(/^Message template function \w+ failed: /);
        expect(fault.faultstring).to.include(problem);
      });
    }
  });
});
