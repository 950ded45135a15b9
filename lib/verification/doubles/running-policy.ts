import { AsyncLocalStorage } from 'node:async_hooks';

const running = new AsyncLocalStorage<string | undefined>();

/** The policy whose work this is, also of calls that it makes and does not wait for. */
export function runningPolicy(): string | undefined {
  return running.getStore();
}

/** Runs a policy's program. */
export function inPolicy<Result>(name: string, run: () => Result): Result {
  return running.run(name, run);
}

/**
 * What follows is the policy's work, until what is returned is called: for those who are told of a policy's
 * beginning and its end, and do not run it.
 */
export function enterPolicy(name: string): () => void {
  const outer = running.getStore();
  running.enterWith(name);
  return () => {
    running.enterWith(outer);
  };
}
