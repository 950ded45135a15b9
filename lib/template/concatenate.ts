import type { Compiled, Evaluate } from './functions/function.ts';

interface Joint {
  /** Literal text in front of the evaluated one. */
  readonly text: string;
  readonly evaluate: Evaluate;
}

/**
 * One function for a row of parts. Rendering is the hot path, so short rows, which nearly all
 * templates are, become one expression without loop or array; a longer one is cut into such rows.
 */
export function concatenate(parts: readonly Compiled[]): Compiled {
  const joints: Joint[] = [];
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') text += part;
    else {
      joints.push({ text, evaluate: part });
      text = '';
    }
  }
  return joints.length === 0 ? text : join(joints, text);
}

const longestRow = 5;

function join(joints: readonly Joint[], tail: string): Evaluate {
  if (joints.length > longestRow) {
    const half = Math.ceil(joints.length / 2);
    const left = join(joints.slice(0, half), '');
    const right = join(joints.slice(half), tail);
    return (flow, onUnresolved) => left(flow, onUnresolved) + right(flow, onUnresolved);
  }
  const [a, b, c, d, e] = joints;
  if (a === undefined) return () => tail;
  const { text: textA, evaluate: evaluateA } = a;
  if (b === undefined) {
    if (textA === '' && tail === '') return evaluateA;
    return (flow, onUnresolved) => textA + evaluateA(flow, onUnresolved) + tail;
  }
  const { text: textB, evaluate: evaluateB } = b;
  if (c === undefined) {
    return (flow, onUnresolved) =>
      textA + evaluateA(flow, onUnresolved) + textB + evaluateB(flow, onUnresolved) + tail;
  }
  const { text: textC, evaluate: evaluateC } = c;
  if (d === undefined) {
    return (flow, onUnresolved) =>
      textA +
      evaluateA(flow, onUnresolved) +
      textB +
      evaluateB(flow, onUnresolved) +
      textC +
      evaluateC(flow, onUnresolved) +
      tail;
  }
  const { text: textD, evaluate: evaluateD } = d;
  if (e === undefined) {
    return (flow, onUnresolved) =>
      textA +
      evaluateA(flow, onUnresolved) +
      textB +
      evaluateB(flow, onUnresolved) +
      textC +
      evaluateC(flow, onUnresolved) +
      textD +
      evaluateD(flow, onUnresolved) +
      tail;
  }
  const { text: textE, evaluate: evaluateE } = e;
  return (flow, onUnresolved) =>
    textA +
    evaluateA(flow, onUnresolved) +
    textB +
    evaluateB(flow, onUnresolved) +
    textC +
    evaluateC(flow, onUnresolved) +
    textD +
    evaluateD(flow, onUnresolved) +
    textE +
    evaluateE(flow, onUnresolved) +
    tail;
}
