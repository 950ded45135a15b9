import type { Explanation } from '../explanation.ts';

/** Something that the recording and the replay do not agree on. */
export interface Finding {
  /** Where in the transaction, at first: `PROXY_REQ_FLOW, PreFlow, step AM-Id`. */
  readonly where: string;
  /** What of it: `variable numArray`, `header x-id`. */
  readonly what: string;
  /** Undefined if there is none. */
  readonly recorded: string | undefined;
  readonly replayed: string | undefined;
  /** Undefined for a difference that nothing explains. */
  readonly explanation: Explanation | undefined;
}

export interface CountedFinding extends Finding {
  /** In how many places; a message that differs does so until it is sent. */
  readonly times: number;
}

export const aspects = [
  'states',
  'flows',
  'conditions',
  'steps',
  'variables',
  'headers',
  'bodies',
] as const;

export type Aspect = (typeof aspects)[number];

/** How much was compared and agreed. */
export type Agreed = Readonly<Record<Aspect, number>>;

/** Collects what a comparison finds; a finding that repeats is counted. */
export class Findings {
  readonly #found = new Map<string, Finding & { times: number }>();
  readonly #agreed = new Map<Aspect, number>();

  get list(): readonly CountedFinding[] {
    return [...this.#found.values()];
  }

  get agreed(): Agreed {
    const count = (aspect: Aspect): number => this.#agreed.get(aspect) ?? 0;
    return {
      states: count('states'),
      flows: count('flows'),
      conditions: count('conditions'),
      steps: count('steps'),
      variables: count('variables'),
      headers: count('headers'),
      bodies: count('bodies'),
    };
  }

  agree(aspect: Aspect): void {
    this.#agreed.set(aspect, (this.#agreed.get(aspect) ?? 0) + 1);
  }

  add(finding: Finding): void {
    const { what, recorded, replayed } = finding;
    const key = JSON.stringify([what, recorded ?? null, replayed ?? null]);
    const known = this.#found.get(key);
    if (known === undefined) this.#found.set(key, { ...finding, times: 1 });
    else known.times += 1;
  }
}
