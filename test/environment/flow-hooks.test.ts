import { expect } from 'chai';
import type { Diagnostic } from '../../lib/diagnostic/diagnostic.ts';
import { readFlowHooks } from '../../lib/environment/flow-hooks.ts';
import { parseLocated } from '../../lib/environment/located-value.ts';
import type { FlowHook, FlowHookPoint } from '../../lib/host/environment.ts';

function read(value: unknown): {
  readonly hooks: readonly (readonly [FlowHookPoint, FlowHook])[];
  readonly codes: readonly string[];
} {
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  const located = parseLocated(JSON.stringify(value), 'flowhooks.json', report);
  const hooks = new Map<FlowHookPoint, FlowHook>();
  if (located !== undefined) readFlowHooks(located, hooks, report);
  return { hooks: [...hooks], codes: diagnostics.map(({ code }) => code) };
}

const hook = (sharedFlow: string, continueOnError: boolean): FlowHook => ({
  sharedFlow,
  continueOnError,
});

const sound: readonly [title: string, value: unknown, expected: readonly unknown[]][] = [
  [
    'an object by hook',
    { PreProxyFlowHook: { sharedFlow: 's' } },
    [['PreProxyFlowHook', hook('s', true)]],
  ],
  [
    'a list by flowHookPoint',
    [{ flowHookPoint: 'PostProxyFlowHook', sharedFlow: 's' }],
    [['PostProxyFlowHook', hook('s', true)]],
  ],
  [
    'a list by name',
    [{ name: 'PreTargetFlowHook', sharedFlow: 's', continueOnError: 'false' }],
    [['PreTargetFlowHook', hook('s', false)]],
  ],
  ['plain names', { PostTargetFlowHook: 's' }, [['PostTargetFlowHook', hook('s', true)]]],
  [
    'detached hooks',
    { PreProxyFlowHook: {}, PostProxyFlowHook: null, PreTargetFlowHook: { sharedFlow: '' } },
    [],
  ],
  ['none', {}, []],
];

const unsound: readonly [title: string, value: unknown, codes: readonly string[]][] = [
  ['an unknown hook', { PreFlowHook: { sharedFlow: 's' } }, ['unknown-flow-hook']],
  ['a hook without a name', [{ sharedFlow: 's' }], ['unknown-flow-hook']],
  ['a hook that is a list', { PreProxyFlowHook: [] }, ['invalid-value']],
  ['a number for hooks', 7, ['invalid-value']],
];

describe('readFlowHooks', () => {
  for (const [title, value, expected] of sound) {
    it(`reads ${title}`, () => {
      expect(read(value)).to.deep.equal({ hooks: expected, codes: [] });
    });
  }
  for (const [title, value, codes] of unsound) {
    it(`reports ${title}`, () => {
      expect(read(value)).to.deep.equal({ hooks: [], codes });
    });
  }
});
