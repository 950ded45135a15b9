import { expect } from 'chai';
import { messageFrom } from '../../lib/message/message-init.ts';
import { flowValueText, type FlowValue } from '../../lib/message/flow-value.ts';

describe('the text of a flow value', () => {
  const texts: readonly (readonly [value: FlowValue, text: string])[] = [
    [null, ''],
    [undefined, ''],
    ['', ''],
    ['{v}', '{v}'],
    [0, '0'],
    [-0, '0'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [2 ** 53, '9007199254740992'],
    [1e21, '1000000000000000000000'],
    [-1e22, '-10000000000000000000000'],
    [1.5, '1.5'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
    [2n ** 70n, '1180591620717411303424'],
    [true, 'true'],
    [false, 'false'],
    [[], '[]'],
    [['a', 'b'], '[a, b]'],
    [['a', 1, null, ['b']], '[a, 1, null, [b]]'],
    [messageFrom({ message: 'request', content: 'body' }), 'body'],
  ];
  for (const [value, text] of texts) {
    it(`is ${JSON.stringify(text)} for a ${Array.isArray(value) ? 'collection' : typeof value}`, () => {
      expect(flowValueText(value)).to.equal(text);
    });
  }
});
