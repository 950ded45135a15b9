import { compareCall, type ObservedCall } from '../matching/compare-message.ts';
import type { Answer } from '../suite/case.ts';
import { runningPolicy } from './running-policy.ts';

/** What stands for the services that a policy calls; a function decides for each call. */
export type DoubleAnswer = Answer | readonly Answer[] | ((call: ObservedCall) => Answer);

/** Stands for everything that one policy calls, and keeps what it saw. */
export interface Double {
  readonly policy: string;
  /** The calls that came, in order. */
  readonly calls: readonly ObservedCall[];
  /** The answer for a call; undefined if none is meant for it. */
  answer(call: ObservedCall): Answer | undefined;
  /** Forgets the calls, and begins again with the first answer. */
  reset(): void;
}

/**
 * Stands for the services that a policy calls, whatever their address. Of several answers each serves one
 * call, the last all later ones.
 */
export function double(policy: string, answers: DoubleAnswer = {}): Double {
  const calls: ObservedCall[] = [];
  const served = new Set<Answer>();
  const choose = (call: ObservedCall): Answer | undefined => {
    if (typeof answers === 'function') return answers(call);
    const list = isList(answers) ? answers : [answers];
    const fitting = list.filter(
      ({ when }) => when === undefined || compareCall('', call, when).length === 0,
    );
    return fitting.find((one) => !served.has(one)) ?? fitting.at(-1);
  };
  return {
    policy,
    calls,
    answer(call) {
      const answer = choose(call);
      if (answer === undefined) return undefined;
      served.add(answer);
      calls.push(call);
      return answer;
    },
    reset() {
      calls.length = 0;
      served.clear();
    },
  };
}

/** Doubles, or their answers by the policy's name. */
export type Doubles = readonly Double[] | Readonly<Record<string, DoubleAnswer>>;

/** The doubles of one case. */
export class PolicyDoubles {
  readonly #byPolicy: ReadonlyMap<string, Double>;

  constructor(doubles: Doubles) {
    const all = isDoubles(doubles)
      ? doubles
      : Object.entries(doubles).map(([policy, answers]) => double(policy, answers));
    this.#byPolicy = new Map(all.map((one) => [one.policy, one] as const));
  }

  /** The answer for a call of the policy that runs; undefined if nothing stands for its services. */
  answer(call: ObservedCall): Answer | undefined {
    const policy = runningPolicy();
    return policy === undefined ? undefined : this.#byPolicy.get(policy)?.answer(call);
  }
}

function isDoubles(doubles: Doubles): doubles is readonly Double[] {
  return Array.isArray(doubles);
}

function isList(answers: Answer | readonly Answer[]): answers is readonly Answer[] {
  return Array.isArray(answers);
}
