import type { Report } from '../../diagnostic/diagnostic.ts';
import { compileTemplate, type OnUnresolved } from '../../template/template.ts';
import type { Flow } from '../../variables/flow.ts';
import { blockIn, isWithin, type Address, type Block } from './address.ts';
import { invalidRule } from './faults.ts';
import type { MatchRuleNode, SourceAddressNode } from './grammar.ts';

export type Action = MatchRuleNode['action'];

/** A rule as it is for one request. */
export interface Rule {
  readonly action: Action;
  readonly blocks: readonly Block[];
}

/** @throws {Fault} at run time: for a block that is none, and that of `onUnresolved` */
export function compileRules(
  nodes: readonly MatchRuleNode[],
  onUnresolved: OnUnresolved,
  report: Report,
): (flow: Flow) => readonly Rule[] {
  const rules = nodes.map(({ action, sourceAddress }) => ({
    action,
    blocks: sourceAddress.map((node) => compileBlock(node, onUnresolved, report)),
  }));
  return (flow) =>
    rules.map(({ action, blocks }) => ({
      action,
      blocks: blocks.flatMap((block) => block(flow) ?? []),
    }));
}

function compileBlock(
  { value = '', mask = '', location, textLocation }: SourceAddressNode,
  onUnresolved: OnUnresolved,
  report: Report,
): (flow: Flow) => Block | undefined {
  const address = compileTemplate(value, { location: textLocation, report });
  const bits = compileTemplate(mask, { location, report });
  if (address.constant !== undefined && bits.constant !== undefined) {
    const block = blockIn(address.constant, bits.constant);
    if (block !== undefined) return () => block;
  }
  return (flow) => {
    const text = address.render(flow, onUnresolved).trim();
    const length = bits.render(flow, onUnresolved).trim();
    // Only an ignored variable leaves nothing; such a block holds no address.
    if (text === '') return undefined;
    const block = blockIn(text, length);
    if (block === undefined) throw invalidRule(text, length);
    return block;
  };
}

/** What the first rule says that matches; undefined if none does. */
export function decision(address: Address, rules: readonly Rule[]): Action | undefined {
  return rules.find(({ blocks }) => blocks.some((block) => isWithin(address, block)))?.action;
}
