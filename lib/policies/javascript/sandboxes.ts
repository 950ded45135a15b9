import { SandboxPool } from '../../script/sandbox-pool.ts';
import type { Script } from '../../script/script.ts';
import { objectModel } from './model/object-model.ts';

/**
 * What a script may need of its sandbox. A plain one runs from beginning to end, so that one sandbox is
 * enough for all of them; one that calls keeps its sandbox until its callbacks have run, and one that
 * waits needs an engine that can.
 */
export type ScriptKind = 'plain' | 'calls' | 'waits';

export function kindOf({ files }: Script): ScriptKind {
  const mentions = (word: string): boolean => files.some(({ code }) => code.includes(word));
  if (mentions('waitForComplete')) return 'waits';
  return mentions('httpClient') ? 'calls' : 'plain';
}

/** Scripts of one kind that are under way at once; more wait for one of them to end. */
const mostCalling = 64;

const pools: Readonly<Record<ScriptKind, SandboxPool>> = {
  plain: new SandboxPool(objectModel, 'runs', { most: 2, idle: 1 }),
  calls: new SandboxPool(objectModel, 'runs', { most: mostCalling, idle: 4 }),
  waits: new SandboxPool(objectModel, 'waits', { most: mostCalling, idle: 4 }),
};

/** The process's sandboxes for scripts of a kind. They are made when the first policy needs them. */
export function sandboxesFor(kind: ScriptKind): SandboxPool {
  return pools[kind];
}
