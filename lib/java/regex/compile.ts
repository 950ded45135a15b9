import type { ParsedRegex, RegexNode, RepeatNode } from './ast.ts';
import { singleSet } from './character-set.ts';
import { noFlags } from './flags.ts';
import { compiledSet, Op, type Instruction, type Loop, type Program } from './program.ts';
import { repeatsByLoop } from './width.ts';

const accept: Instruction = { op: Op.Accept };

/** Turns an expression into instructions, each of which leads to its successor. */
export function compileProgram(source: string, parsed: ParsedRegex): Program {
  const compiler = new Compiler();
  const start = compiler.compile(parsed.root, { op: Op.Match });
  return {
    source,
    start,
    groupCount: parsed.groupCount,
    localCount: compiler.localCount,
    setsGroupsByRound: compiler.setsGroupsByRound,
  };
}

class Compiler {
  localCount = 0;
  setsGroupsByRound = false;

  /** Instructions that match `node` and go on to `next`. */
  compile(node: RegexNode, next: Instruction): Instruction {
    switch (node.kind) {
      case 'empty':
        return next;
      case 'literal':
        return node.text === '' ? next : { op: Op.Text, text: node.text, next };
      case 'set':
        return { op: Op.Set, set: compiledSet(node.set), next };
      case 'sequence':
        return node.items.reduceRight((after, item) => this.compile(item, after), next);
      case 'alternation':
        return {
          op: Op.Branch,
          branches: node.branches.map((branch) => this.compile(branch, next)),
        };
      case 'group':
        return node.index === null
          ? this.compile(node.body, next)
          : this.#capture(node.index, node.body, next);
      case 'repeat':
        return this.#repeat(node, next);
      case 'atomic':
        return { op: Op.Atomic, body: this.compile(node.body, accept), next };
      case 'look': {
        const behind = node.direction === 'behind';
        return {
          op: Op.Look,
          body: this.compile(node.body, behind ? { op: Op.AcceptBehind } : accept),
          behind,
          negative: node.negative,
          minLength: node.minLength,
          maxLength: node.maxLength,
          byCodePoint: node.byCodePoint,
          next,
        };
      }
      case 'back reference':
        return { op: Op.BackReference, group: node.group, fold: node.fold, next };
      case 'anchor':
        return { op: Op.Anchor, anchor: node.anchor, next };
      case 'line break':
        return { op: Op.LineBreak, next };
      case 'grapheme':
        return { op: Op.Grapheme, next };
    }
  }

  #capture(group: number, body: RegexNode, next: Instruction): Instruction {
    const local = this.localCount++;
    return {
      op: Op.Open,
      local,
      next: this.compile(body, { op: Op.Close, local, group, next }),
    };
  }

  #repeat(node: RepeatNode, next: Instruction): Instruction {
    const set = singleCharacter(node.body);
    if (set !== undefined) {
      const op = { greedy: Op.SetGreedy, reluctant: Op.SetReluctant, possessive: Op.SetPossessive };
      return { op: op[node.mode], set: compiledSet(set), min: node.min, max: node.max, next };
    }
    if (node.body.kind !== 'group' || node.mode === 'possessive') {
      return this.#atomRepeat(node, node.body, -1, next);
    }
    const { index, body } = node.body;
    if (node.quantifier === 'question mark') {
      const once = this.compile(node.body, next);
      return { op: Op.Branch, branches: node.mode === 'greedy' ? [once, next] : [next, once] };
    }
    if (repeatsByLoop(node)) return this.#loop(node, index, body, next);
    return this.#atomRepeat(node, body, index ?? -1, next);
  }

  #atomRepeat(node: RepeatNode, body: RegexNode, group: number, next: Instruction): Instruction {
    if (group >= 0 && node.mode === 'greedy') this.setsGroupsByRound = true;
    const op = {
      greedy: Op.AtomGreedy,
      reluctant: Op.AtomReluctant,
      possessive: Op.AtomPossessive,
    };
    return {
      op: op[node.mode],
      body: this.compile(body, accept),
      group,
      min: node.min,
      max: node.max,
      next,
    };
  }

  #loop(node: RepeatNode, group: number | null, body: RegexNode, next: Instruction): Instruction {
    const startLocal = this.localCount++;
    const countLocal = this.localCount++;
    const loop: Loop = {
      op: Op.Loop,
      startLocal,
      countLocal,
      min: node.min,
      max: node.max,
      reluctant: node.mode === 'reluctant',
      body: accept,
      next,
    };
    const tail: Instruction =
      group === null ? loop : { op: Op.Close, local: startLocal, group, next: loop };
    loop.body = { op: Op.Open, local: startLocal, next: this.compile(body, tail) };
    return { op: Op.LoopEnter, loop, next };
  }
}

function singleCharacter(node: RegexNode) {
  if (node.kind === 'set') return node.set;
  if (node.kind !== 'literal') return undefined;
  const codePoint = node.text.codePointAt(0);
  if (codePoint === undefined || String.fromCodePoint(codePoint) !== node.text) return undefined;
  return singleSet(codePoint, noFlags);
}
