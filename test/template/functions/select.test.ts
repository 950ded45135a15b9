import { expect } from 'chai';
import { faultOf, lenient, strict, type Variables } from '../rendering.ts';

const orders = JSON.stringify({
  results: [
    { name: 'A', operation: 'ManageOrder' },
    { name: 'B', operation: 'ManageOrder' },
    { name: 'C', operation: 'Other' },
  ],
});

type Row = readonly [source: string, expected: string, values: Variables];

describe('jsonPath in a message template', () => {
  const rows: readonly Row[] = [
    ["{jsonPath('$.a[*]',v)}", 'x', { v: '{"a":["x","y"]}' }],
    ["{jsonPath('$.a[*]',v,true)}", '["x","y"]', { v: '{"a":["x","y"]}' }],
    ["{jsonPath('$.a[*]',v,'true')}", '["x","y"]', { v: '{"a":["x","y"]}' }],
    ["{jsonPath('$.a[*]',v,false)}", 'x', { v: '{"a":["x","y"]}' }],
    ["{jsonPath('$.a',v)}", 'x', { v: '{"a":["x","y"]}' }],
    ["{jsonPath('$.a',v,true)}", '["x","y"]', { v: '{"a":["x","y"]}' }],
    ["{jsonPath('$.a',v)}", '', { v: '{"a":[]}' }],
    ["{jsonPath('$.a',v,true)}", '[]', { v: '{"a":[]}' }],
    ['{jsonPath(p,v)}', 'A', { v: orders, p: '$.results[?(@.operation=="ManageOrder")].name' }],
    [
      '{jsonPath(p,v,true)}',
      '["A","B"]',
      { v: orders, p: '$.results[?(@.operation=="ManageOrder")].name' },
    ],
    ["{jsonPath('$.a',v)}", '1', { v: '{"a":1}' }],
    ["{jsonPath('$.a',v)}", 'false', { v: '{"a":false}' }],
    ["{jsonPath('$.a',v)}", '', { v: '{"a":null}' }],
    ["{jsonPath('$.a',v)}", '{"b":[1,"c"]}', { v: '{ "a" : { "b" : [ 1, "c" ] } }' }],
    ["{jsonPath('$.b',v)}", '', { v: '{"a":1}' }],
    ["{jsonPath('$.b[*]',v,true)}", '', { v: '{"a":1}' }],
    ["{jsonPath('$.a',v)}", '', { v: '{"a":' }],
    ["{jsonPath('$.a',v)}", '', { v: '' }],
  ];
  for (const [source, expected, values] of rows) {
    it(`${source} of ${JSON.stringify(values)} is ${JSON.stringify(expected)}`, () => {
      expect(strict(source, values)).to.equal(expected);
    });
  }

  it('of hostile nesting is a text or a fault, never an overflow of the stack', () => {
    const v = `${'['.repeat(100_000)}1${']'.repeat(100_000)}`;
    const fault = faultOf(() => strict("{jsonPath('$[0]',v)}", { v }));
    expect(fault.code).to.equal('entities.TemplateFunctionFailed');
  });
});

const people =
  '<r xmlns="" xmlns:k="urn:k"><a id="1">p &amp; q</a><a id="2"><![CDATA[<]]></a><k:c>z</k:c></r>';

describe('xpath in a message template', () => {
  const x = people;
  const rows: readonly Row[] = [
    [
      '{xpath(p,x)}',
      '<tagid>250397</tagid>',
      { p: '/tag/tagid', x: '<tag><tagid>250397</tagid></tag>' },
    ],
    ["{xPath('/tag/tagid',x)}", '<tagid>1</tagid>', { x: '<tag><tagid>1</tagid></tag>' }],
    ["{xpath('//a',x)}", '<a id="1">p &amp; q</a><a id="2"><![CDATA[<]]></a>', { x }],
    ["{xpath('//a',x,'nodeset')}", '<a id="1">p &amp; q</a><a id="2"><![CDATA[<]]></a>', { x }],
    ["{xpath('//a',x,'bogus')}", '<a id="1">p &amp; q</a><a id="2"><![CDATA[<]]></a>', { x }],
    ["{xpath('//a',x,'NODE')}", '<a id="1">p &amp; q</a>', { x }],
    ["{xpath('//a',x,'string')}", 'p & q', { x }],
    ["{xpath('//a',x,string)}", 'p & q', { x }],
    ["{xpath('//a/text()',x)}", 'p & q<', { x }],
    ["{xpath('//a[2]/@id',x)}", '2', { x }],
    ["{xpath('count(//a)',x,'number')}", '2', { x }],
    ["{xpath('count(//a)',x)}", '2', { x }],
    ["{xpath('//a/@id',x,'number')}", '1', { x }],
    ["{xpath('//a',x,'boolean')}", 'true', { x }],
    ["{xpath('//b',x,'boolean')}", 'false', { x }],
    [
      '{xpath(\'//*[local-name()="c"]|//a[2]|//a/@id\',x)}',
      '1<a id="2"><![CDATA[<]]></a>2<k:c xmlns:k="urn:k">z</k:c>',
      { x },
    ],
    ["{xpath('//a[last()]/preceding::a/@id',x)}", '1', { x }],
    ["{xpath('//b',x)}", '', { x }],
    ["{xpath('//b',x,'number')}", '', { x }],
    ["{xpath('//b',x,'string')}", '', { x }],
    ["{xpath('//n:c',x,'string','n:urn:k')}", 'z', { x }],
    ["{xpath('//n:c',x,n:urn:k,string)}", 'z', { x }],
    [
      "{xpath('//n:c/m:d',x,ns,'m:urn:m','string')}",
      'y',
      {
        x: '<a><b:c xmlns:b="urn:k"><d xmlns="urn:m">y</d></b:c></a>',
        ns: 'n:urn:k',
      },
    ],
    ["{xpath('//a',x)}", '', { x: '' }],
    ["{xpath('//a',x)}", '', { x: 'no markup' }],
    ["{xpath('//a',x)}", '', { x: '<r><a>1</r>' }],
    ["{xpath('//a',x)}", '', { x: '<r><a b=1>1</a></r>' }],
    ["{xpath('//a',x)}", '', { x: '<a>&undeclared;</a>' }],
    [
      "{xpath('//a',x)}",
      '<a>1</a>',
      { x: '<?xml version="1.0"?>\n<!-- <!DOCTYPE r> --><a>1</a>\n' },
    ],
    ["{xpath('//a',x,'string')}", '<!DOCTYPE>', { x: '<a><![CDATA[<!DOCTYPE>]]></a>' }],
  ];
  for (const [source, expected, values] of rows) {
    it(`${source} of ${JSON.stringify(values)} is ${JSON.stringify(expected)}`, () => {
      expect(strict(source, values)).to.equal(expected);
    });
  }

  const hostile: Readonly<Record<string, string>> = {
    'an external entity': '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
    'entities within entities': '<!DOCTYPE a [<!ENTITY e "ee"><!ENTITY f "&e;&e;">]><a>&f;&f;</a>',
    'a document type in lower case': '<!doctype a><a/>',
    'deep nesting': '<a>'.repeat(100_000) + '</a>'.repeat(100_000),
    'openers that never end': '<a'.repeat(100_000),
    'too many elements': `<a>${'<a/>'.repeat(100_001)}</a>`,
    'too many attributes': `<a ${Array.from({ length: 5_000 }, (_, n) => `b${n}=""`).join(' ')}/>`,
    'too much text': `<a>${'x'.repeat(5_000_000)}</a>`,
  };
  for (const [what, payload] of Object.entries(hostile)) {
    it(`a payload with ${what} has no match`, () => {
      expect(strict("{xpath('//a',x,'string')}", { x: payload })).to.equal('');
    });
  }

  const costly: Readonly<Record<string, string>> = {
    'visits nodes again and again': '//a/..//a/..//a',
    'compares all nodes with all': '//a[//a[//a=//b]]',
    'reads the whole document for every node': '//a[contains(/,"x")]',
    'compares every node with the document': '//a=/',
    'is too long': '/a'.repeat(5_000),
    'is too deep': `${'('.repeat(1_000)}1${')'.repeat(1_000)}`,
    'has a prefix without namespace': '//q:a',
    'calls an unknown function': 'system("ls")',
  };
  for (const [what, p] of Object.entries(costly)) {
    it(`an expression that ${what} is a fault`, () => {
      const x = `<r>${'<a><a><b/></a></a>'.repeat(1_000)}</r>`;
      const fault = faultOf(() => lenient('{xpath(p,x)}', { p, x }));
      expect(fault.faultstring).to.match(/^Message template function xpath failed: /);
    });
  }
});
