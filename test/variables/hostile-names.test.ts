import { expect } from 'chai';
import fc from 'fast-check';
import { defaultHost } from '../../lib/host/host.ts';
import { messageFrom } from '../../lib/message/message-init.ts';
import { FlowVariables, variableReference } from '../../lib/variables/flow-variables.ts';
import { newFlow } from '../../lib/variables/flow.ts';

const names = [
  '__proto__',
  '__proto__.polluted',
  'constructor',
  'constructor.prototype',
  'constructor.prototype.polluted',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
  '__lookupSetter__',
  'a.__proto__.polluted',
  'a.constructor.prototype.polluted',
];

/** Everything reachable that a polluted prototype would show in. */
function prototypes(): unknown {
  return [Object.prototype, Array.prototype, Map.prototype, Function.prototype].map((prototype) =>
    Object.getOwnPropertyDescriptors(prototype),
  );
}

describe('names that mean something to JavaScript', () => {
  const before = prototypes();
  afterEach(() => {
    expect(prototypes()).to.deep.equal(before);
    expect(({} as Readonly<Record<string, unknown>>)['polluted']).to.equal(undefined);
  });

  for (const name of names) {
    it(`are ordinary: ${name}`, () => {
      const { variables } = newFlow({ host: defaultHost });
      const request = variables.message('request');
      const writes: readonly (readonly [string, (name: string) => void])[] = [
        [
          name,
          (own) => {
            variables.set(own, 'v');
          },
        ],
        [
          `${name}.x`,
          (own) => {
            variableReference(own).write(variables, 'v');
          },
        ],
        [
          `${name}.y`,
          (own) => {
            variables.seed(own, 'v');
          },
        ],
        [
          `request.header.${name}`,
          (own) => {
            variables.set(own, 'v');
          },
        ],
        [
          `request.queryparam.${name}`,
          (own) => {
            variables.set(own, 'v');
          },
        ],
        [
          `request.formparam.${name}`,
          (own) => {
            variables.set(own, 'v');
          },
        ],
        [
          `message.header.z.${name}`,
          (own) => {
            variables.set(own, 'v');
          },
        ],
      ];
      for (const [own, write] of writes) {
        expect(variables.get(own), own).to.equal(null);
        write(own);
        expect(variables.get(own), own).to.equal('v');
      }
      expect(request?.headers.names()).to.include(name);
      expect(request?.query.names()).to.deep.equal([name]);
      expect(new Map(variables.entries()).get(name)).to.equal('v');
      for (const [own] of writes) {
        variables.remove(own);
        expect(variables.get(own), own).to.equal(null);
      }
    });

    it(`are ordinary in a message and among seeds: ${name}`, () => {
      const values = JSON.parse(`{${JSON.stringify(name)}: "v"}`) as Readonly<
        Record<string, string>
      >;
      const message = messageFrom({
        message: 'request',
        headers: values,
        queryParams: values,
        formParams: values,
      });
      expect(message.headers.first(name)).to.equal('v');
      expect(message.query.first(name)).to.equal('v');
      expect(message.form.first(name)).to.equal('v');
      const { variables } = newFlow({ host: defaultHost, variables: { ...values, m: message } });
      expect(variables.get('m')).to.equal(message);
      const parsed = newFlow({ host: defaultHost, variables: values });
      expect(parsed.variables.get(name)).to.equal('v');
    });
  }

  it('read back what was set under any name that is no part of a built-in message', () => {
    const name = fc
      .oneof(
        fc.string({ unit: 'binary' }),
        fc
          .array(fc.constantFrom(...names, 'header', 'content', '1'))
          .map((parts) => parts.join('.')),
      )
      .filter((text) => !/^(request|response|error|message)(\.|$)/.test(text));
    fc.assert(
      fc.property(name, fc.string(), (own, value) => {
        const variables = new FlowVariables();
        expect(variables.get(own)).to.equal(null);
        expect(variables.set(own, value)).to.equal('written');
        expect(variables.get(own)).to.equal(value);
        expect([...variables.entries()]).to.deep.equal([[own, value]]);
      }),
    );
  });
});
