import { unbounded, type RegexNode } from './ast.ts';

/** How much text a node can match, and whether it can match it in one way only. */
export interface Width {
  readonly min: number;
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

/** The study that java.util.regex makes of a node, with its 32-bit arithmetic. */
export function widthOf(node: RegexNode): Width {
  switch (node.kind) {
    case 'empty':
    case 'anchor':
    case 'look':
      return nothing;
    case 'literal':
      return { ...nothing, min: node.text.length, max: node.text.length };
    case 'set':
      return { ...nothing, min: 1, max: 1 };
    case 'line break':
      return { ...nothing, min: 1, max: 2 };
    case 'grapheme':
      return { ...nothing, min: 1, bounded: false };
    case 'back reference':
      return { ...nothing, bounded: false };
    case 'group':
    case 'atomic':
      return widthOf(node.body);
    case 'sequence':
      return node.items.map(widthOf).reduce(joinWidths, nothing);
    case 'alternation': {
      const widths = node.branches.map(widthOf);
      return {
        min: Math.min(...widths.map(({ min }) => min)),
        max: Math.max(...widths.map(({ max }) => max)),
        bounded: widths.every(({ bounded }) => bounded),
        deterministic: false,
      };
    }
    case 'repeat': {
      const body = widthOf(node.body);
      if (node.questionMark) return { ...body, min: 0, deterministic: false };
      if (repeatsByLoop(node.body, body, node.mode)) {
        return { min: 0, max: 0, bounded: false, deterministic: false };
      }
      if (node.body.kind === 'set' && node.max === unbounded && node.mode === 'greedy') {
        return { min: node.min, max: 0, bounded: false, deterministic: false };
      }
      const max = Math.imul(body.max, node.max);
      return {
        min: Math.min(body.min * node.min, 0xfffffff),
        max,
        bounded: body.bounded && max >= 0,
        deterministic: body.deterministic && node.min === node.max,
      };
    }
  }
}

/** Whether a repeat is run as a loop that backtracking can enter again. */
export function repeatsByLoop(body: RegexNode, width: Width, mode: string): boolean {
  return body.kind === 'group' && mode !== 'possessive' && !width.deterministic;
}

function joinWidths(left: Width, right: Width): Width {
  const max = (left.max + right.max) | 0;
  return {
    min: left.min + right.min,
    max,
    bounded: left.bounded && right.bounded && max >= 0,
    deterministic: left.deterministic && right.deterministic,
  };
}
