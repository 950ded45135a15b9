import { Fault } from '../../fault/fault.ts';

/** The fault for what is neither text, number, boolean nor message ("PopulateCache policy"); its text is ours. */
export function entryCannotBeCached(policy: string, source: string): Fault {
  return new Fault({
    code: 'policies.populatecache.EntryCannotBeCached',
    faultstring: `The value of ${source} cannot be cached in PopulateCache ${policy}`,
    hint: 'Keep a text of it, such as its JSON, in place of the object.',
  });
}
