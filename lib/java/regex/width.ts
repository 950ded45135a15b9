import { unbounded, type RegexNode, type RepeatNode } from './ast.ts';

/** How much text a node can match, and whether it can match it in one way only. */
export interface Width {
  readonly min: number;
  /** Java computes it in 32 bits and lets it overflow, so it may be negative. */
  readonly max: number;
  /** False when no bound is known. */
  readonly bounded: boolean;
  /**
   * True when Java regards the node as having one way to match at a given place.
   * A repeated group that is deterministic is never entered again by backtracking.
   */
  readonly deterministic: boolean;
}

const nothing: Width = { min: 0, max: 0, bounded: true, deterministic: true };

/**
 * The study that java.util.regex makes of a node. Which look-behinds it accepts, and how far back
 * they look, follows from the order and the 32-bit arithmetic of these sums.
 */
export function widthOf(node: RegexNode): Width {
  const study = new Study();
  study.add(node);
  return study.total();
}

/** Whether a repeat is run as a loop that backtracking can enter again. */
export function repeatsByLoop({ body, mode, quantifier }: RepeatNode): boolean {
  return (
    body.kind === 'group' &&
    mode !== 'possessive' &&
    quantifier !== 'question mark' &&
    !widthOf(body).deterministic
  );
}

class Study {
  /** What came before the last alternation: overflow is looked for only since then. */
  #before = nothing;
  #sum = nothing;

  total(): Width {
    return {
      min: this.#before.min + this.#sum.min,
      max: (this.#before.max + this.#sum.max) | 0,
      bounded: this.#before.bounded && this.#sum.bounded,
      deterministic: this.#before.deterministic && this.#sum.deterministic,
    };
  }

  add(node: RegexNode): void {
    switch (node.kind) {
      case 'empty':
      case 'anchor':
      case 'look':
      // A grapheme counts for nothing, so look-behinds find none longer than the rest.
      case 'grapheme':
        return;
      case 'literal':
        this.#addText(Array.from(node.text).length);
        return;
      case 'set':
        this.#lengthen(1, 1);
        return;
      case 'line break':
        this.#lengthen(1, 2);
        return;
      case 'back reference':
        this.#sum = { ...this.#sum, bounded: false };
        return;
      case 'group':
        this.add(node.body);
        return;
      case 'atomic':
        this.#addApart(node.body);
        return;
      case 'sequence':
        for (const item of node.items) this.add(item);
        return;
      case 'alternation':
        this.#addBranches(node.branches);
        return;
      case 'repeat':
        this.#addRepeat(node);
        return;
    }
  }

  /** Adds a node whose alternations do not start the sum anew. */
  #addApart(node: RegexNode): void {
    const inner = new Study();
    inner.#sum = this.#sum;
    inner.add(node);
    this.#sum = inner.total();
  }

  #addText(length: number): void {
    this.#lengthen(length, length);
  }

  #lengthen(min: number, max: number): void {
    this.#sum = { ...this.#sum, min: this.#sum.min + min, max: (this.#sum.max + max) | 0 };
  }

  #addBranches(branches: readonly RegexNode[]): void {
    const widths = branches.map(widthOf);
    const total = this.total();
    this.#before = {
      min: total.min + widths.reduce((least, { min }) => Math.min(least, min), unbounded),
      max: (total.max + widths.reduce((most, { max }) => Math.max(most, max), -1)) | 0,
      bounded: total.bounded && widths.every(({ bounded }) => bounded),
      deterministic: false,
    };
    this.#sum = nothing;
  }

  #addRepeat(node: RepeatNode): void {
    const { body, min, max, mode, quantifier } = node;
    if (quantifier === 'question mark') {
      if (body.kind === 'group' && mode !== 'possessive') {
        this.#addBranches([body, { kind: 'empty' }]);
      } else {
        const { min: least } = this.#sum;
        this.#addApart(body);
        this.#sum = { ...this.#sum, min: least, deterministic: false };
      }
      return;
    }
    if (repeatsByLoop(node)) {
      this.#sum = { ...this.#sum, bounded: false, deterministic: false };
      return;
    }
    const one = widthOf(body);
    const isSet = body.kind === 'set' || (body.kind === 'literal' && one.max === 1);
    if (isSet && mode === 'greedy' && quantifier === 'open') {
      this.#lengthen(min, unbounded);
      this.#sum = { ...this.#sum, deterministic: false };
      return;
    }
    const longest = (Math.imul(one.max, max) + this.#sum.max) | 0;
    this.#sum = {
      min: Math.min(one.min * min + this.#sum.min, 0xfffffff),
      max: longest,
      bounded: this.#sum.bounded && one.bounded && longest >= this.#sum.max,
      deterministic: this.#sum.deterministic && one.deterministic && min === max,
    };
  }
}
